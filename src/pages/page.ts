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
  /** The client that this request counts for where something is shared; see `countedClient`. */
  readonly network: string
  /** The client as logs name it, also behind a proxy: an address, with its port if that is known. */
  readonly client: string
  /** The client used HTTPS, up to this server or to a proxy in front of it. */
  readonly isSecure: boolean
  /** The host that the client asked for, with its port; undefined: not known. */
  readonly host: string | undefined
  /** The path that a proxy puts in front of this server's own; often empty. */
  readonly prefix: string
  /** Relative reference to the root of this server; see `relativeRoot`. */
  readonly root: string
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
