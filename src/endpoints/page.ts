import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** A request for a page, with its client. */
export interface PageRequest {
  /** Decoded: `/talk/kitchen`. */
  readonly path: string
  /** Whether it is the path of a stream. */
  readonly isStream: boolean
  readonly query: URLSearchParams
  /** Address of the peer, also when a delivery thread has forwarded the connection; IPv4-mapped ones are written as IPv4. */
  readonly remoteAddress: string
  /** Client for which this request is counted where clients share a limit; see `countedClient`. */
  readonly network: string
  /** Client as written in logs, also behind a proxy: its address, with the port if that is known. */
  readonly client: string
  /** Whether the client used HTTPS, up to this server or to a proxy in front of it. */
  readonly isSecure: boolean
  /** Host that the client requested, with its port; undefined: not known. */
  readonly host: string | undefined
  /** Path that a proxy adds in front of this server's own; often empty. */
  readonly prefix: string
  /** Relative reference to the root of this server; see `relativeRoot`. */
  readonly root: string
  readonly message: IncomingMessage
}

/** Handler of requests at its own paths, or at the paths of streams for anything except their bytes. */
export interface Page {
  /** Whether it handles this decoded path. */
  owns(path: string): boolean
  /** Responds to GET and HEAD; Node omits the body of a response to HEAD. An error that it throws becomes a 500. */
  answer(request: PageRequest, response: ServerResponse): void | Promise<void>
  /** Takes over a WebSocket handshake. Without it, handshakes are refused with 400. */
  upgrade?(request: PageRequest, socket: Duplex, head: Buffer): void | Promise<void>
}
