import type { Logger } from '@logtape/logtape'
import type { WebSocket } from 'ws'
import type { Clock } from '../system/clock.ts'
import { ProtocolError } from '../websocket/protocol-error.ts'
import { createConnection } from './connection.ts'
import { HELLO_WITHIN_MS } from './limits.ts'
import { createPerson, type Person } from './peer.ts'
import { CLOSE, type ClientMessage } from './protocol.ts'
import type { Rooms } from './rooms.ts'

/** The room that a client asks for, and where it connects from. */
export interface Whereabouts {
  readonly room: string
  /** An address and a port. */
  readonly client: string
  /** Address under which the client is counted; see `networkOf`. */
  readonly network: string
}

/** Adds a connected client to its room once its hello message arrives. @param greeted called at that moment */
export function admit(
  socket: WebSocket,
  { room, client, network }: Whereabouts,
  rooms: Rooms<Person>,
  greeted: () => void,
  clock: Clock,
  log: Logger,
): void {
  let person: Person | undefined
  const connection = createConnection(socket, { message, sound, gone }, clock)
  const stopWaiting = clock.after(HELLO_WITHIN_MS, () => connection.end(CLOSE.noHello, 'no hello came in time'))

  function enter(hello: ClientMessage & { readonly type: 'hello' }): void {
    if (person !== undefined) throw new ProtocolError(CLOSE.notUnderstood, 'hello is said once')
    stopWaiting()
    greeted()
    const newcomer = createPerson(hello, network, connection)
    if (!rooms.enter(room, newcomer)) throw new ProtocolError(CLOSE.full, 'there is no room for more people here')
    person = newcomer
    log.info('talker came', { room, client })
  }

  function present(): Person {
    if (person === undefined) throw new ProtocolError(CLOSE.notUnderstood, 'hello comes first')
    return person
  }

  function message(said: ClientMessage): void {
    if (said.type === 'hello') return enter(said)
    const someone = present()
    if (said.type === 'muted') someone.mute(said.muted)
    else connection.tell(said)
  }

  function sound(bytes: Buffer): void {
    present().speak(bytes)
  }

  function gone(code: number): void {
    stopWaiting()
    if (person === undefined) return
    rooms.leave(room, person)
    log.info('talker left', { room, client, code, ...connection.counts })
  }
}
