import type { Duplex } from 'node:stream'
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws'
import type { Asked } from './page.ts'
import { refuseHandshake } from './refuse-handshake.ts'

/** What a page may send. */
export interface WebSocketLimits {
  readonly maxMessageBytes: number
  readonly maxFragments: number
  /** The other side has so long to answer a close frame. */
  readonly closeWithinMs: number
}

/**
 * Answers a handshake (RFC 6455, section 4.2) and gives the open WebSocket to `take`; what is none is refused with 400 or 405, and pages of others with 403.
 * Whoever takes it must listen for its errors. Its pings are answered.
 */
export type Handshake = (asked: Asked, socket: Duplex, head: Buffer, take: (opened: WebSocket) => void) => void

export function createHandshake({ maxMessageBytes, maxFragments, closeWithinMs }: WebSocketLimits): Handshake {
  const options: ServerOptions & LaterOptions = {
    noServer: true,
    clientTracking: false,
    // Its limit would end a connection without a word.
    autoPong: false,
    // Sound is compressed already, or must not wait for it.
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
    if (message.httpVersion !== '1.1') return refuseHandshake(socket, 400, 'a WebSocket takes HTTP/1.1')
    if (isOfOwnPage(message.headers.origin, host)) return server.handleUpgrade(message, socket, head, answered)
    refuseHandshake(socket, 403, 'only pages of this server may open a WebSocket here')
  }
}

/** Options of ws that its types do not have yet. */
interface LaterOptions {
  readonly closeTimeout: number
}

/** Whoever sends pings and takes no answers gets no more of them. In bytes. */
const MAX_UNSENT_BYTES = 4096

function answerPing(this: WebSocket, payload: Buffer): void {
  if (this.bufferedAmount <= MAX_UNSENT_BYTES) this.pong(payload)
}

/**
 * Whether the page that asks came from this very host (RFC 6455, section 10.2): browsers let the pages of others ask as well.
 * The scheme may differ, because a proxy may do the TLS, and browsers let no page set the fields in which it reports the host. A program that is no browser need not say who it is, and could say anything.
 */
function isOfOwnPage(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true
  if (!URL.canParse(origin)) return false
  const { protocol, host: asking } = new URL(origin)
  const own = `${protocol}//${host}`
  return URL.canParse(own) && new URL(own).host === asking
}
