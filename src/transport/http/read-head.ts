import type { Socket } from 'node:net'
import type { Logger } from '@logtape/logtape'
import type { BanList } from '../../access/ban-list.ts'
import type { ConnectionLimits } from '../../access/connection-limits.ts'
import type { CountRefusal } from '../../access/refusal-counts.ts'
import type { ShunnedNetworks } from '../../access/shunned-networks.ts'
import type { TrustedProxies } from '../../access/trusted-proxies.ts'
import type { Clock } from '../../system/clock.ts'
import type { AccessLog } from '../exchange.ts'
import { proxiesOf, setProxies } from '../origin.ts'
import { checkProxy, setProxied } from '../proxy/accept-proxied.ts'
import { mayBeProxyHeader, ProxyHeader } from '../proxy/proxy-header.ts'
import type { ProxiedClient } from '../proxy/proxy-v1.ts'
import { answerAndClose } from './answer-and-close.ts'
import { FirstLine, type ReadLine } from './first-line.ts'
import { type CollectedHead, createHeadCollector } from './head-collector.ts'
import { BadRequest, canonicalHead, parseRequestHead, type RequestHead } from './request-head.ts'
import { type AnswerOptions, textAnswer } from './response-head.ts'

/**
 * Answers a request: the handler owns the socket from now on. It is paused, and all its bytes are still to be read: they delay
 * the end event of a client that has closed its half, so that no handler can miss it.
 */
export type RequestHandler = (request: RequestHead, socket: Socket) => void

/** Starts TLS on a connection that is paused and has all its bytes still to be read. @returns the decrypted connection */
export type Secure = (socket: Socket) => Socket

/** Takes over connections whose first line is not a request line. */
export interface LineReception {
  /** @param line without its end, each byte a character */
  accepts(line: string): boolean
  /** @param socket paused; all its bytes are still to be read, the line included */
  handle(line: string, socket: Socket): void
}

/** Settings for the reading of requests. */
export interface Reception {
  /** Maximum time for a whole request head, in milliseconds, TLS handshake included. 0 disables it. */
  readonly timeoutMs: number
  readonly handle: RequestHandler
  /** Undefined: TLS is not enabled. */
  readonly secure: Secure | undefined
  /** Undefined: all connections are to send requests. */
  readonly lines?: LineReception
  /** Default: see `LOCAL_PROXIES`. */
  readonly proxies?: TrustedProxies
  /** Undefined: there is none. */
  readonly accessLog?: AccessLog | undefined
  /** Undefined: connections are not limited. */
  readonly limits?: ConnectionLimits | undefined
  /** Undefined: no clients can be banned. */
  readonly bans?: Pick<BanList, 'has'> | undefined
  /** Networks of which not every connection is read; undefined: there are none. */
  readonly shunned?: ShunnedNetworks
}

/** A request as far as it is known before it is handled. */
export interface AttendedRequest extends Pick<RequestHead, 'headers'> {
  /** The request line; undefined: the request could not be read. */
  readonly line: string | undefined
}

/** Why a request is not handled, whatever it is. */
export interface RequestRefusal {
  /** HTTP status. */
  readonly status: number
  /** Reason, in one line. */
  readonly line: string
  readonly fields?: AnswerOptions['fields']
}

/** The same, with callbacks. */
export interface AttendedReception extends Reception {
  /** Called before a whole request is handled. @returns why it is not */
  readonly requested: (connection: Socket, socket: Socket, request: AttendedRequest) => RequestRefusal | undefined
  /** Called before a request that cannot be read is refused. */
  readonly unread: (connection: Socket, socket: Socket, request: AttendedRequest) => void
  readonly countRefusal: CountRefusal
}

/** First byte of TLS, and of no request: a record of the handshake (RFC 8446, section 5.1). */
const HANDSHAKE = 0x16

const UNREAD: AttendedRequest = { headers: new Map(), line: undefined }
/** The line itself has a password. */
const SHOUTCAST: AttendedRequest = { ...UNREAD, line: 'SOURCE * ICY/1.0' }

/** Reads the head of the one request of a connection, or refuses it. */
export function readHead(connection: Socket, reception: AttendedReception, clock: Clock, log: Logger): void {
  new HeadReader(connection, reception, clock, log).start()
}

class HeadReader {
  readonly #connection: Socket
  readonly #reception: AttendedReception
  readonly #clock: Clock
  readonly #log: Logger
  readonly #collect = createHeadCollector()
  readonly #firstLine = new FirstLine()
  /** The connection, or TLS over it. */
  #socket: Socket
  #isFirst = true
  #isBehindProxyHeader = false
  /** Undefined: the first byte is not one of a header. */
  #proxyHeader: ProxyHeader | undefined
  /** The client that a proxy has reported. */
  #proxied: ProxiedClient | undefined
  #cancelTimeout = () => {}

  constructor(connection: Socket, reception: AttendedReception, clock: Clock, log: Logger) {
    this.#connection = connection
    this.#reception = reception
    this.#clock = clock
    this.#log = log
    this.#socket = connection
  }

  start(): void {
    const { timeoutMs } = this.#reception
    const refuse = () => this.#refuse(408, 'the request was not complete in time')
    if (timeoutMs > 0) this.#cancelTimeout = this.#clock.after(timeoutMs, refuse)
    this.#attach()
  }

  #attach(): void {
    this.#socket.on('data', this.#onData)
    this.#socket.on('end', this.#onEnd)
    this.#socket.on('close', this.#onClose)
  }

  #detach(): void {
    this.#socket.off('data', this.#onData)
    this.#socket.off('end', this.#onEnd)
    this.#socket.off('close', this.#onClose)
  }

  #stop(): void {
    this.#cancelTimeout()
    this.#detach()
  }

  readonly #onData = (chunk: Buffer): void => {
    try {
      this.#read(chunk)
    } catch (error) {
      if (error instanceof BadRequest) return this.#refuse(error.status, error.message)
      // A bug in a handler must not end the streams of other listeners.
      this.#log.error('request failed', { error: String(error) })
      this.#refuse(500, 'internal error')
    }
  }

  readonly #onEnd = (): void => {
    this.#stop()
    this.#socket.destroy()
  }

  readonly #onClose = (): void => this.#cancelTimeout()

  #read(chunk: Buffer): void {
    if (!this.#isFirst) return this.#readRequest(chunk)
    const bytes = this.#behindProxyHeader(chunk)
    if (bytes === undefined || bytes.length === 0) return
    this.#isFirst = false
    if (bytes[0] === HANDSHAKE) return this.#startTls(bytes)
    this.#readRequest(bytes)
  }

  /** Behind the header of the PROXY protocol, if there is one, a request or TLS begins. @returns the bytes there */
  #behindProxyHeader(chunk: Buffer): Buffer | undefined {
    if (this.#isBehindProxyHeader) return chunk
    if (this.#proxyHeader === undefined && !mayBeProxyHeader(chunk[0])) return chunk
    this.#proxyHeader ??= new ProxyHeader()
    try {
      const behind = this.#proxyHeader.read(chunk)
      if (behind === undefined) return undefined
      this.#isBehindProxyHeader = true
      if (behind.hasHeader) this.#useProxied(behind.client)
      return behind.rest
    } catch (error) {
      this.#reception.countRefusal('proxy protocol')
      throw error
    }
  }

  #useProxied(client: ProxiedClient | undefined): void {
    checkProxy(this.#connection)
    this.#proxied = client
    if (client !== undefined) setProxied(this.#connection, client, this.#connection, false)
  }

  #readRequest(chunk: Buffer): void {
    const first = this.#firstLine.read(chunk)
    if (first !== undefined && this.#reception.lines?.accepts(first.line)) return this.#handleLine(first)
    const collected = this.#collect(chunk)
    if (collected !== undefined) this.#handle(collected)
  }

  #startTls(chunk: Buffer): void {
    const { secure } = this.#reception
    if (secure === undefined) throw new BadRequest(400, 'HTTPS is not enabled')
    this.#detach()
    this.#connection.pause()
    this.#connection.unshift(chunk)
    this.#socket = secure(this.#connection)
    setProxies(this.#socket, proxiesOf(this.#connection))
    if (this.#proxied !== undefined) setProxied(this.#socket, this.#proxied, this.#connection, true)
    this.#attach()
  }

  #handleLine({ line, bytes }: ReadLine): void {
    this.#handOver(bytes, SHOUTCAST, {}, () => this.#reception.lines?.handle(line, this.#socket))
  }

  #handle(collected: CollectedHead): void {
    const request = parseRequestHead(collected.head)
    const { method, target, version, headers } = request
    const attended = { headers, line: `${method} ${target} HTTP/${version}` }
    const answer = { version, headOnly: method === 'HEAD' }
    const handle = () => this.#reception.handle(request, this.#socket)
    this.#handOver(rawOf(collected, request), attended, answer, handle)
  }

  /** Stops, and leaves all bytes to the handler, unless the request is refused. */
  #handOver(bytes: Buffer, request: AttendedRequest, answer: AnswerOptions, handle: () => void): void {
    this.#stop()
    this.#socket.pause()
    const refusal = this.#reception.requested(this.#connection, this.#socket, request)
    if (refusal !== undefined) {
      const { status, line, fields = {} } = refusal
      return answerAndClose(this.#socket, textAnswer(status, line, { ...answer, fields }), this.#clock)
    }
    this.#socket.unshift(bytes)
    handle()
  }

  #refuse(status: number, line: string): void {
    this.#stop()
    this.#reception.unread(this.#connection, this.#socket, UNREAD)
    answerAndClose(this.#socket, textAnswer(status, line), this.#clock)
  }
}

function rawOf({ head, rest }: CollectedHead, request: RequestHead): Buffer {
  const plain = canonicalHead(head, request)
  return rest.length === 0 ? plain : Buffer.concat([plain, rest])
}
