import type { Socket } from 'node:net'
import type { Logger } from '@logtape/logtape'
import type { CountRefusal } from '../access/refusal-counts.ts'
import type { Clock } from '../system/clock.ts'
import { Admission, type AskOthers } from './admission.ts'
import { clientOf } from './client.ts'
import { beginExchange, endExchange } from './exchange.ts'
import { giveUp } from './given-up.ts'
import type { AttendedRequest, Reception, RequestRefusal } from './http/read-head.ts'
import { originOf, peerAddressOf, setProxies } from './origin.ts'

const BANNED: RequestRefusal = { status: 403, line: 'your address is banned' }
const TOO_MANY: RequestRefusal = {
  status: 429,
  line: 'your address has too many connections; try again later',
  fields: { 'Retry-After': '10' },
}

/** Property of a connection of a program with a ban list: the client of its request, and the socket of the response. */
const SERVED = Symbol('served')
interface ServedSocket extends Socket {
  [SERVED]?: { readonly address: string; readonly socket: Socket }
}

/** Applies what holds for the connections of all paths: limits, bans, the access log. */
export class Attendance {
  readonly #reception: Reception
  readonly #admission: Admission
  readonly #countRefusal: CountRefusal
  readonly #clock: Clock

  /** @param askOthers see `Admission` */
  constructor(reception: Reception, askOthers: AskOthers, countRefusal: CountRefusal, clock: Clock, log: Logger) {
    this.#reception = reception
    this.#admission = new Admission(reception.limits, askOthers, countRefusal, clock, log)
    this.#countRefusal = countRefusal
    this.#clock = clock
  }

  /** @returns false after a refusal */
  accept(connection: Socket): boolean {
    const { proxies } = this.#reception
    if (proxies !== undefined) setProxies(connection, proxies)
    return this.#admission.admit(connection)
  }

  /** Called before a request is handled. @returns why it is not */
  requested(connection: ServedSocket, socket: Socket, request: AttendedRequest): RequestRefusal | undefined {
    this.unread(connection, socket, request)
    const isAdmitted = this.#admission.requested(connection, socket, request)
    if (this.#isBanned(connection, socket, request)) {
      this.#countRefusal('banned')
      return BANNED
    }
    return isAdmitted ? undefined : TOO_MANY
  }

  /** Called before a request is refused that could not be read. */
  unread(connection: Socket, socket: Socket, request: AttendedRequest): void {
    if (this.#reception.accessLog === undefined) return
    const { headers, line } = request
    const { address } = clientOf(request, socket)
    const logged = { line, referer: headers.get('referer'), agent: headers.get('user-agent') }
    beginExchange(connection, socket, address, logged, this.#clock)
  }

  /** Called when a connection is closed. */
  closed(connection: Socket): void {
    const { accessLog } = this.#reception
    const line = accessLog && endExchange(connection, this.#clock)
    if (line !== undefined) accessLog?.add(line)
    this.#admission.closed(connection)
  }

  /** See `Admission`. */
  endOthersFor(client: string): boolean {
    return this.#admission.endOthersFor(client)
  }

  /** Destroys those of the connections whose clients, peers or proxies are banned. */
  endBanned(connections: Iterable<ServedSocket>): void {
    for (const connection of connections) {
      const { address, socket } = connection[SERVED] ?? { address: '', socket: connection }
      if (!this.#areListed(connection, address)) continue
      giveUp(socket, 'banned')
      connection.destroy()
    }
  }

  #isBanned(connection: ServedSocket, socket: Socket, request: AttendedRequest): boolean {
    if (this.#reception.bans === undefined) return false
    const { address } = clientOf(request, socket)
    connection[SERVED] = { address, socket }
    return this.#areListed(connection, address)
  }

  #areListed(connection: Socket, client: string): boolean {
    const { bans } = this.#reception
    if (bans === undefined) return false
    return [client, originOf(connection).address, peerAddressOf(connection)].some((address) => bans.has(address))
  }
}
