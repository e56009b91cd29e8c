import type { Socket } from 'node:net'
import type { Logger } from '@logtape/logtape'
import { networkOf } from '../access/address.ts'
import { countedClient } from '../access/counted-client.ts'
import { FairShare } from '../access/fair-share.ts'
import type { Place } from '../access/shares.ts'
import type { Clock } from '../system/clock.ts'
import { answerAndClose } from './answer-and-close.ts'
import { watchDescriptors } from './descriptors.ts'
import { giveUp } from './given-up.ts'
import { isPassedOn, originOf } from './origin.ts'
import type { RequestHead } from './request-head.ts'
import { textAnswer } from './response-head.ts'

/** Refusals are told together, so often, in milliseconds. */
const TELL_EVERY_MS = 5_000
const LINE = 'there is no room for more listeners here, try again later'
const RETRY = { 'Retry-After': '10' }

/** Connections that a client may always have: a browser opens six to a server (and one for each WebSocket). */
const RESERVED = 8
/**
 * A request that is not complete by then may give way to the next one of the same client when there is no room, in
 * milliseconds.
 */
const PROOF_WITHIN_MS = 1_000

/** Shares the descriptors of the process among clients. */
export interface Doorman {
  /** Ends a connection of another client for one that has fewer, and asks no other thread. @returns whether there was any */
  readonly endOthersFor: (client: string) => boolean
  /**
   * A client that has few connections here may keep one of the last descriptors when there are other threads: they end
   * connections for it. A connection that a thread has passed on has its descriptor, and its place, there.
   * @returns false when there is no room: 503 was answered (RFC 9110, section 15.6.4)
   */
  admit(connection: Socket): boolean
  /** A connection has brought a whole request. @param socket carries the answer: over TLS another one */
  readonly asked: (connection: Socket, socket: Socket, request: RequestHead) => void
  /** A connection is closed. */
  left(connection: Socket): void
}

interface Visitor {
  readonly connection: Socket
  socket: Socket
  /** It has one of the descriptors that are kept back. */
  readonly isKeptBack: boolean
}

/** Where a connection carries its place. */
const PLACE = Symbol('place')
interface PlacedSocket extends Socket {
  [PLACE]?: Place<Visitor> | undefined
}

/** Asks other threads to end connections for a client that has few here. @returns false when there are no others */
export type AskOthers = (client: string) => boolean

export function createDoorman(askOthers: AskOthers, clock: Clock, log: Logger): Doorman {
  const descriptors = watchDescriptors()
  const pool = new FairShare<Visitor>(
    { places: Number.POSITIVE_INFINITY, reserved: RESERVED, proofWithinMs: PROOF_WITHIN_MS, giveUp: sendAway },
    clock,
  )
  /** Connections with descriptors that are kept back: while there are some, the number of a new one says too little. */
  let keptBack = 0
  const notes = createNotes(clock, log)

  function sendAway({ connection, socket }: Visitor): void {
    notes.add('closed')
    giveUp(socket)
    connection.destroy()
  }

  const endOthersFor = (client: string) => pool.makeRoomFor(client)

  // The descriptors are those of the process: what has taken them all may be held by other threads.
  function makeRoomFor(client: string, socket: Socket): boolean {
    return endOthersFor(client) || (pool.hasFew(client) && !descriptors.isDesperate(socket) && askOthers(client))
  }

  function refuse(connection: Socket): void {
    notes.add('refused')
    const answer = textAnswer(503, LINE, { fields: RETRY })
    // A server accepts all that wait before any other event: only a descriptor that is closed at once is free for the next one.
    if (descriptors.mayLinger(connection)) answerAndClose(connection, answer, clock)
    else answerAndDestroy(connection, answer)
  }

  return {
    endOthersFor,
    admit(connection: PlacedSocket) {
      if (isPassedOn(connection)) return true
      const client = networkOf(originOf(connection).address)
      const isKeptBack = descriptors.isKeptBack(connection)
      const isScarce = isKeptBack || (keptBack > 0 && descriptors.areScarce())
      if (isScarce && !makeRoomFor(client, connection)) {
        refuse(connection)
        return false
      }
      connection[PLACE] = pool.enter(client, { connection, socket: connection, isKeptBack }, false)
      if (isKeptBack) keptBack++
      return true
    },
    asked(connection: PlacedSocket, socket, { headers }) {
      const { [PLACE]: place } = connection
      if (place === undefined) return
      place.owner.socket = socket
      pool.prove(place, countedClient(originOf(connection).address, headers))
    },
    left(connection: PlacedSocket) {
      const { [PLACE]: place } = connection
      if (place === undefined) return
      if (place.owner.isKeptBack) keptBack--
      pool.leave(place)
    },
  }
}

/** Connections that were refused, and that were closed for other clients, as the log reports them. */
interface Notes {
  add(what: 'refused' | 'closed'): void
}

function createNotes(clock: Clock, log: Logger): Notes {
  let counts = { refused: 0, closed: 0 }
  let isWaiting = false
  const report = () => {
    isWaiting = counts.refused + counts.closed > 0
    if (!isWaiting) return
    log.warn('no room for more connections', counts)
    counts = { refused: 0, closed: 0 }
    clock.after(TELL_EVERY_MS, report)
  }
  return {
    add(what) {
      counts[what]++
      if (!isWaiting) report()
    },
  }
}

/** Both are done before this returns: what the client has not read by the time of a reset may be lost. */
function answerAndDestroy(connection: Socket, answer: Buffer): void {
  connection.write(answer)
  connection.destroy()
}
