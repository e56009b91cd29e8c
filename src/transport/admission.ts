import type { Socket } from 'node:net'
import type { Logger } from '@logtape/logtape'
import { networkOf } from '../access/address.ts'
import type { ConnectionLimits } from '../access/connection-limits.ts'
import { FairShare } from '../access/fair-share.ts'
import type { CountRefusal } from '../access/refusal-counts.ts'
import type { Place } from '../access/shares.ts'
import type { Clock } from '../system/clock.ts'
import { FoldedWarning } from '../system/folded-warning.ts'
import { countedClientOf } from './client.ts'
import { watchDescriptors } from './descriptors.ts'
import { giveUp } from './given-up.ts'
import { answerAndClose } from './http/answer-and-close.ts'
import type { RequestHead } from './http/request-head.ts'
import { textAnswer } from './http/response-head.ts'
import { isPassedOn, originOf, peerAddressOf, proxiesOf } from './origin.ts'
import { type Excess, OverLimit } from './over-limit.ts'

const LINE = 'the server has no capacity for more connections; try again later'
const RETRY = { 'Retry-After': '10' }

/** Connections that a client may always have: a browser opens six to a server (and one for each WebSocket). */
const RESERVED = 8
/**
 * Time for a complete request, in milliseconds. After that, when descriptors are scarce, the next connection of the same client
 * may replace this one.
 */
const PROOF_WITHIN_MS = 1_000

/** A connection that was admitted. */
interface Admitted {
  readonly connection: Socket
  /** For the response: over TLS another one than the connection. */
  socket: Socket
  /** True when it has one of the reserved descriptors. */
  readonly isKeptBack: boolean
  /** True when it is counted for its client; false while it may be of any client of a proxy. */
  isCounted: boolean
}

/** Property of a connection that has its place. */
const PLACE = Symbol('place')
interface PlacedSocket extends Socket {
  [PLACE]?: Place<Admitted> | undefined
}

/** Asks other threads to end connections for a client that has few here. @returns false without other threads */
export type AskOthers = (client: string) => boolean

/** Shares the descriptors of the process among clients, and limits the connections of all and of each. */
export class Admission {
  readonly #limits: ConnectionLimits | undefined
  readonly #askOthers: AskOthers
  readonly #countRefusal: CountRefusal
  readonly #clock: Clock
  readonly #descriptors = watchDescriptors()
  readonly #pool: FairShare<Admitted>
  readonly #warning: FoldedWarning
  /**
   * Connections with reserved descriptors. While there are any, the number of a new descriptor is not a measure of those in
   * use.
   */
  #keptBack = 0
  readonly #overLimit: OverLimit

  /** @param limits undefined: connections are not limited */
  constructor(
    limits: ConnectionLimits | undefined,
    askOthers: AskOthers,
    countRefusal: CountRefusal,
    clock: Clock,
    log: Logger,
  ) {
    this.#limits = limits
    this.#overLimit = new OverLimit(countRefusal, clock, log)
    this.#askOthers = askOthers
    this.#countRefusal = countRefusal
    this.#clock = clock
    this.#warning = new FoldedWarning('connection limit reached', ['refused', 'closed'], clock, log)
    this.#pool = new FairShare<Admitted>(
      {
        places: Number.POSITIVE_INFINITY,
        reserved: RESERVED,
        proofWithinMs: PROOF_WITHIN_MS,
        giveUp: (admitted) => this.#disconnect(admitted),
      },
      clock,
    )
  }

  /** Ends a connection of another client in this thread, for a client that has fewer. @returns whether one was found */
  endOthersFor(client: string): boolean {
    return this.#pool.makeRoomFor(client)
  }

  /**
   * Admits a connection, or refuses it. With other threads, a client that has few connections here may use one of the last
   * descriptors, and the other threads end connections for it. A passed-on connection is counted in the thread that accepted
   * it.
   * @returns false after a refusal, with 503 (RFC 9110, section 15.6.4) or without a response
   */
  admit(connection: PlacedSocket): boolean {
    if (isPassedOn(connection)) return true
    const client = networkOf(originOf(connection).address)
    const isKeptBack = this.#descriptors.isKeptBack(connection)
    const isScarce = isKeptBack || (this.#keptBack > 0 && this.#descriptors.areScarce())
    if (isScarce && !this.#makeRoomFor(client, connection)) {
      this.#refuse(connection)
      return false
    }
    const isCounted = !proxiesOf(connection).isTrustedProxy(peerAddressOf(connection), 'counted')
    const excess = this.#enter(isCounted ? client : undefined)
    if (excess !== undefined) {
      this.#overLimit.refuse(connection, excess)
      return false
    }
    connection[PLACE] = this.#pool.enter(client, { connection, socket: connection, isKeptBack, isCounted }, false)
    if (isKeptBack) this.#keptBack++
    return true
  }

  /**
   * Called when a connection has sent a whole request. @param socket for the response
   * @returns false when its client has too many connections
   */
  requested(connection: PlacedSocket, socket: Socket, request: Pick<RequestHead, 'headers'>): boolean {
    const { [PLACE]: place } = connection
    if (place === undefined) return true
    place.owner.socket = socket
    const client = countedClientOf(request, connection)
    if (!this.#countFor(place, client)) return false
    this.#pool.prove(place, client)
    return true
  }

  /** Called when a connection is closed. */
  closed(connection: PlacedSocket): void {
    const { [PLACE]: place } = connection
    if (place === undefined) return
    if (place.owner.isKeptBack) this.#keptBack--
    this.#limits?.leave()
    if (place.owner.isCounted) this.#limits?.leaveClient(place.client)
    this.#pool.leave(place)
  }

  /** Counts a connection. @param client undefined: it is not known yet @returns which maximum is exceeded, if any */
  #enter(client: string | undefined): Excess | undefined {
    if (this.#limits === undefined) return undefined
    if (!this.#limits.enter()) return 'all'
    if (client === undefined || this.#limits.enterClient(client)) return undefined
    this.#limits.leave()
    return 'ofAddress'
  }

  /** Counts a connection for the client that has sent the request, instead of the peer. @returns false when it has too many */
  #countFor({ owner, client: peer }: Place<Admitted>, client: string): boolean {
    if (this.#limits === undefined || (owner.isCounted && client === peer)) return true
    if (!this.#limits.enterClient(client)) {
      this.#overLimit.add('ofAddress')
      return false
    }
    if (owner.isCounted) this.#limits.leaveClient(peer)
    owner.isCounted = true
    return true
  }

  // All threads share the descriptors of the process, so other threads may have most of them.
  #makeRoomFor(client: string, socket: Socket): boolean {
    if (this.endOthersFor(client)) return true
    return this.#pool.hasFew(client) && !this.#descriptors.isDesperate(socket) && this.#askOthers(client)
  }

  #disconnect({ connection, socket }: Admitted): void {
    this.#warning.add('closed')
    giveUp(socket, 'descriptor limit')
    connection.destroy()
  }

  #refuse(connection: Socket): void {
    this.#warning.add('refused')
    this.#countRefusal('descriptors')
    const answer = textAnswer(503, LINE, { fields: RETRY })
    // A server accepts all waiting connections before any other event: only a descriptor that is closed at once is free again
    // for the next one.
    if (this.#descriptors.mayLinger(connection)) answerAndClose(connection, answer, this.#clock)
    else answerAndDestroy(connection, answer)
  }
}

/** Both happen before this returns: a reset may lose bytes that the client has not read yet. */
function answerAndDestroy(connection: Socket, answer: Buffer): void {
  connection.write(answer)
  connection.destroy()
}
