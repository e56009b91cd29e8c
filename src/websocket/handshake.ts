import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws'
import { textAnswer } from '../transport/http/response-head.ts'

/** Limits of a WebSocket. */
export interface WebSocketLimits {
  readonly maxMessageBytes: number
  readonly maxFragments: number
  /** Maximum wait for the answer to a close frame, in milliseconds. */
  readonly closeWithinMs: number
}

/** A handshake as node:http has read it. */
interface HandshakeRequest {
  readonly message: IncomingMessage
  /** Host that the client requested, with its port; undefined: not known. */
  readonly host: string | undefined
}

/**
 * Answers a handshake (RFC 6455, section 4.2) and passes the open WebSocket to `take`, which must listen for its errors.
 * Invalid handshakes are refused with 400 or 405, and those from pages of other hosts with 403. Pings are answered.
 */
export type Handshake = (
  request: HandshakeRequest,
  socket: Duplex,
  head: Buffer,
  take: (opened: WebSocket) => void,
) => void

export function createHandshake({ maxMessageBytes, maxFragments, closeWithinMs }: WebSocketLimits): Handshake {
  const options: ServerOptions & LaterOptions = {
    noServer: true,
    clientTracking: false,
    // Beyond its limit of pending pongs, the library would terminate the connection without a close frame.
    autoPong: false,
    // Sound is compressed already, or must not be delayed by compression.
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
    maxFragments,
    closeTimeout: closeWithinMs,
  }
  const server = new WebSocketServer(options)
  return ({ message, host }, socket, head, take) => {
    const answered = (opened: WebSocket) => {
      opened.on('ping', answerPing)
      take(opened)
    }
    if (message.httpVersion !== '1.1') return refuseHandshake(socket, 400, 'a WebSocket needs HTTP/1.1')
    if (isOfOwnPage(message.headers.origin, host)) return server.handleUpgrade(message, socket, head, answered)
    refuseHandshake(socket, 403, 'only pages of this server may open a WebSocket')
  }
}

/** Answers a WebSocket handshake with a line of text, and closes the connection. @param fields further header fields */
export function refuseHandshake(
  socket: Duplex,
  status: number,
  line: string,
  fields: Readonly<Record<string, string>> = {},
): void {
  socket.once('finish', () => socket.destroy())
  socket.on('error', () => {})
  socket.end(textAnswer(status, line, { fields }))
}

/** Options of ws that its types do not have yet. */
interface LaterOptions {
  readonly closeTimeout: number
}

/** Maximum of unsent bytes with which pings are answered: a client that does not read its pongs gets no further ones. */
const MAX_UNSENT_BYTES = 4096

function answerPing(this: WebSocket, payload: Buffer): void {
  if (this.bufferedAmount <= MAX_UNSENT_BYTES) this.pong(payload)
}

/**
 * Whether the requesting page is from this host (RFC 6455, section 10.2): browsers let pages of other hosts connect too. The
 * scheme may differ, because a proxy may terminate TLS. Pages cannot set the fields in which a proxy reports the host.
 * Programs other than browsers need not send an origin, and could send any.
 */
function isOfOwnPage(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true
  if (!URL.canParse(origin)) return false
  const { protocol, host: asking } = new URL(origin)
  const own = `${protocol}//${host}`
  return URL.canParse(own) && new URL(own).host === asking
}
