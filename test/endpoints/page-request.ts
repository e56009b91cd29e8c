import type { IncomingMessage } from 'node:http'
import type { PageRequest } from '../../src/endpoints/page-request.ts'

/** A request for a page, from a message that did not pass the front door. */
export function pageRequest(message: IncomingMessage, path: string): PageRequest {
  return {
    path,
    isStream: false,
    query: new URLSearchParams(),
    address: '127.0.0.1',
    remoteAddress: '127.0.0.1',
    isReported: false,
    client: '127.0.0.1:1',
    network: '127.0.0.1',
    isSecure: false,
    host: message.headers.host,
    prefix: '',
    root: './',
    message,
  }
}
