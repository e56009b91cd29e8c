import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** A request for a page: what was asked for, and by whom. */
export interface Asked {
  /** Decoded: `/talk/kitchen`. */
  readonly path: string
  /** It is the path of a stream. */
  readonly isStream: boolean
  readonly query: URLSearchParams
  /** The client's own, also when a delivery thread has passed the connection on; an IPv4 address is told as one. */
  readonly remoteAddress: string
  /** It came over TLS. */
  readonly isSecure: boolean
  readonly message: IncomingMessage
}

/** Something that is asked for under a path of its own, or at a stream's path beside its bytes. */
export interface Page {
  /** Whether it answers at this decoded path. */
  owns(path: string): boolean
  /** Answers GET and HEAD; node leaves the body of an answer to HEAD away. What it throws becomes a 500. */
  answer(asked: Asked, response: ServerResponse): void | Promise<void>
  /** Takes over a WebSocket handshake. Where no page does, one is refused with 400. */
  upgrade?(asked: Asked, socket: Duplex, head: Buffer): void | Promise<void>
}
