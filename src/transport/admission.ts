import type { Socket } from 'node:net'
import type { Logger } from '@logtape/logtape'
import { networkOf } from '../access/address.ts'
import { countedClient } from '../access/counted-client.ts'
import { FairShare } from '../access/fair-share.ts'
import type { Place } from '../access/shares.ts'
import type { Clock } from '../system/clock.ts'
import { watchDescriptors } from './descriptors.ts'
import { giveUp } from './given-up.ts'
import { answerAndClose } from './http/answer-and-close.ts'
import type { RequestHead } from './http/request-head.ts'
import { textAnswer } from './http/response-head.ts'
import { isPassedOn, originOf } from './origin.ts'

/** Interval at which refusals are logged together, in milliseconds. */
const TELL_EVERY_MS = 5_000
const LINE = 'there is no room for more listeners here, try again later'
const RETRY = { 'Retry-After': '10' }

/** Connections that a client may always have: a browser opens six to a server (and one for each WebSocket). */
const RESERVED = 8
/**
 * Time for a complete request, in milliseconds. After that, when descriptors are scarce, the next connection of the same client
 * may replace this one.
 */
const PROOF_WITHIN_MS = 1_000

/** Shares the descriptors of the process among clients. */
export interface Admission {
  /** Ends a connection of another client in this thread, for a client that has fewer. @returns whether one was found */
  readonly endOthersFor: (client: string) => boolean
  /**
   * Admits a connection, or refuses it. With other threads, a client that has few connections here may use one of the last
   * descriptors, and the other threads end connections for it. A passed-on connection is counted in the thread that accepted
   * it.
   * @returns false after a refusal with 503 (RFC 9110, section 15.6.4)
   */
  admit(connection: Socket): boolean
  /** Called when a connection has sent a whole request. @param socket for the response: over TLS another one */
  readonly asked: (connection: Socket, socket: Socket, request: RequestHead) => void
  /** Called when a connection is closed. */
  left(connection: Socket): void
}

interface Visitor {
  readonly connection: Socket
  socket: Socket
  /** True when it has one of the reserved descriptors. */
  readonly isKeptBack: boolean
}

/** Property of a connection that has its place. */
const PLACE = Symbol('place')
interface PlacedSocket extends Socket {
  [PLACE]?: Place<Visitor> | undefined
}

/** Asks other threads to end connections for a client that has few here. @returns false without other threads */
export type AskOthers = (client: string) => boolean

export function createAdmission(askOthers: AskOthers, clock: Clock, log: Logger): Admission {
  const descriptors = watchDescriptors()
  const pool = new FairShare<Visitor>(
    { places: Number.POSITIVE_INFINITY, reserved: RESERVED, proofWithinMs: PROOF_WITHIN_MS, giveUp: sendAway },
    clock,
  )
  /**
   * Connections with reserved descriptors. While there are any, the number of a new descriptor is not a measure of those in
   * use.
   */
  let keptBack = 0
  const notes = createNotes(clock, log)

  function sendAway({ connection, socket }: Visitor): void {
    notes.add('closed')
    giveUp(socket)
    connection.destroy()
  }

  const endOthersFor = (client: string) => pool.makeRoomFor(client)

  // All threads share the descriptors of the process, so other threads may have most of them.
  function makeRoomFor(client: string, socket: Socket): boolean {
    return endOthersFor(client) || (pool.hasFew(client) && !descriptors.isDesperate(socket) && askOthers(client))
  }

  function refuse(connection: Socket): void {
    notes.add('refused')
    const answer = textAnswer(503, LINE, { fields: RETRY })
    // A server accepts all waiting connections before any other event: only a descriptor that is closed at once is free again
    // for the next one.
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

/** Counts connections refused, or closed for other clients, and logs them. */
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

/** Both happen before this returns: a reset may lose bytes that the client has not read yet. */
function answerAndDestroy(connection: Socket, answer: Buffer): void {
  connection.write(answer)
  connection.destroy()
}
