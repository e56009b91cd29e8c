import type { Logger } from '@logtape/logtape'
import type { WebSocket } from 'ws'
import type { Clock } from '../system/clock.ts'
import { CLOSE } from '../websocket/close-codes.ts'
import { ProtocolError } from '../websocket/protocol-error.ts'
import { Connection, type Receiver } from './connection.ts'
import { HELLO_WITHIN_MS } from './limits.ts'
import { Peer } from './peer.ts'
import type { Hello } from './protocol.ts'
import type { Rooms } from './rooms.ts'

/** Request of a client: its room, and where it connects from. */
export interface TalkRequest {
  readonly room: string
  /** An address and a port. */
  readonly client: string
  /** Address under which the client is counted; see `networkOf`. */
  readonly network: string
}

/** Connects a client to its room once its hello message arrives. @param greeted called at that moment */
export function connectPeer(
  socket: WebSocket,
  { room, client, network }: TalkRequest,
  rooms: Rooms<Peer>,
  greeted: () => void,
  clock: Clock,
  log: Logger,
): void {
  let peer: Peer | undefined
  const enter = (hello: Hello) => {
    if (peer !== undefined) throw new ProtocolError(CLOSE.invalidMessage, 'a second hello message')
    stopWaiting()
    greeted()
    const entering = new Peer(hello, network, connection)
    if (!rooms.enter(room, entering)) throw new ProtocolError(CLOSE.full, 'the room or the server is full')
    peer = entering
    log.info('talker connected', { room, client })
  }
  const receiver: Receiver = {
    message(message) {
      if (message.type === 'hello') return enter(message)
      const entered = afterHello(peer)
      if (message.type === 'muted') entered.mute(message.muted)
      else connection.send(message)
    },
    sound: (bytes) => afterHello(peer).forward(bytes),
    closed(code) {
      stopWaiting()
      if (peer === undefined) return
      rooms.leave(room, peer)
      log.info('talker disconnected', { room, client, code, ...connection.counts })
    },
  }
  const connection = new Connection(socket, receiver, clock)
  const stopWaiting = clock.after(HELLO_WITHIN_MS, () => connection.close(CLOSE.noHello, 'no hello message in time'))
}

function afterHello(peer: Peer | undefined): Peer {
  if (peer === undefined) throw new ProtocolError(CLOSE.invalidMessage, 'the first message must be hello')
  return peer
}
