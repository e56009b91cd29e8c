/**
 * A request and its response, for the access log. Only connections of a program that has one are noted: a property of the socket,
 * and its `write` until the head of the response has been written. Nothing is done for each write of a stream.
 */
import { Socket } from 'node:net'
import { accessLine, type LoggedRequest, quotedFields, quotedRequest } from '../access/access-line.ts'
import type { Clock } from '../system/clock.ts'

/** Receives the lines of ended responses. */
export interface AccessLog {
  /** @param lines one or more, each with its line end */
  add(lines: string): void
}

interface Exchange {
  /** The connection, or TLS over it. */
  readonly socket: Socket
  readonly address: string
  readonly time: number
  readonly since: number
  readonly request: string
  readonly fields: string
  user: string | undefined
  /** 0: nothing has been sent. */
  status: number
  /** Bytes of the heads of the response. */
  headBytes: number
}

const EXCHANGE = Symbol('exchange')
interface ExchangeSocket extends Socket {
  [EXCHANGE]?: Exchange | undefined
}

type Write = Socket['write']
const plainWrite: Write = Reflect.get(Socket.prototype, 'write')
const plainEnd: Socket['end'] = Reflect.get(Socket.prototype, 'end')
/** Maximum length of a response head, in bytes. */
const MAX_RESPONSE_HEAD = 16_384
const HEAD_END = '\r\n\r\n'
/** SHOUTcast has no status codes, but two first words. */
const OK = /^OK/
const SWITCHING_PROTOCOLS = 101
const OK_STATUS = 200
const UNAUTHORIZED = 401

/** Notes a request. @param socket for the response: the connection, or TLS over it @param address IP address of the client */
export function beginExchange(
  connection: ExchangeSocket,
  socket: ExchangeSocket,
  address: string,
  request: LoggedRequest,
  clock: Clock,
): void {
  const exchange: Exchange = {
    socket,
    address,
    time: Date.now(),
    since: clock.now(),
    request: quotedRequest(request.line),
    fields: quotedFields(request),
    user: undefined,
    status: 0,
    headBytes: 0,
  }
  connection[EXCHANGE] = exchange
  socket[EXCHANGE] = exchange
  socket.write = writeAndNote as Write
  socket.end = endAndNote
}

/** Sets the name under which the client of a connection has logged in, for the access log. @param name undefined: it has not */
export function setUser(socket: ExchangeSocket, name: string | undefined): void {
  const { [EXCHANGE]: exchange } = socket
  if (exchange !== undefined) exchange.user = name
}

/** Drops what was noted, because another thread answers. */
export function forgetExchange(socket: ExchangeSocket): void {
  const { [EXCHANGE]: exchange } = socket
  if (exchange !== undefined) exchange.status = -1
}

/** Called when a connection is closed. @returns the line of its response; undefined: there was none */
export function endExchange(connection: ExchangeSocket, clock: Clock): string | undefined {
  const { [EXCHANGE]: exchange } = connection
  if (exchange === undefined || exchange.status <= 0) return undefined
  connection[EXCHANGE] = undefined
  const bytes = exchange.socket.bytesWritten - exchange.headBytes
  return accessLine({ ...exchange, bytes, ms: clock.now() - exchange.since })
}

function writeAndNote(this: ExchangeSocket, ...args: Parameters<Write>): boolean {
  if (isResponse(note(this[EXCHANGE], args[0]))) this.write = plainWrite
  return plainWrite.apply(this, args)
}

function endAndNote(this: ExchangeSocket, ...args: readonly unknown[]): Socket {
  const [chunk] = args
  const { [EXCHANGE]: exchange } = this
  if (chunk !== undefined && typeof chunk !== 'function' && !isResponse(exchange?.status ?? 0)) note(exchange, chunk)
  return Reflect.apply(plainEnd, this, args)
}

/** Whether a status is that of the last head, and not of an interim response. */
function isResponse(status: number): boolean {
  return status >= OK_STATUS || status === SWITCHING_PROTOCOLS || status < 0
}

/** Notes the status and the length of a head, which is always written as a whole. @returns the status */
function note(exchange: Exchange | undefined, chunk: unknown): number {
  if (exchange === undefined) return OK_STATUS
  const text = textOf(chunk)
  if (text === '' || exchange.status < 0) return exchange.status
  const end = text.indexOf(HEAD_END)
  exchange.headBytes += end < 0 ? text.length : end + HEAD_END.length
  exchange.status = statusOf(text)
  return exchange.status
}

/** Returns the beginning of a write, which begins with a head; each byte is a character. */
function textOf(chunk: unknown): string {
  if (typeof chunk === 'string') return chunk
  return Buffer.isBuffer(chunk) ? chunk.toString('latin1', 0, MAX_RESPONSE_HEAD) : ''
}

function statusOf(head: string): number {
  const [, status] = /^HTTP\/1\.[01] (\d{3})/.exec(head) ?? []
  if (status !== undefined) return Number(status)
  return OK.test(head) ? OK_STATUS : UNAUTHORIZED
}
