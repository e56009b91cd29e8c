import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { PageRequest } from './page-request.ts'

/** Handler of requests at its own paths, or at the paths of streams for anything except their bytes. */
export interface Page {
  /** Whether it handles this decoded path. */
  owns(path: string): boolean
  /** Responds to GET and HEAD; Node omits the body of a response to HEAD. An error that it throws becomes a 500. */
  answer(request: PageRequest, response: ServerResponse): void | Promise<void>
  /** Takes over a WebSocket handshake. Without it, handshakes are refused with 400. */
  upgrade?(request: PageRequest, socket: Duplex, head: Buffer): void | Promise<void>
}
