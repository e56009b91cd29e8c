import type { Socket } from 'node:net'
import type { RequestHead } from './http/request-head.ts'

/** A request that no stream answers, with its connection. */
export interface OtherRequest {
  readonly request: RequestHead
  /** Paused. All its bytes are still to be read, and nothing has been written to it. */
  readonly socket: Socket
  /** True when there is a stream at this path, but the client requests its page or a WebSocket. */
  readonly isStream: boolean
}

/** Takes over a request and its socket. @returns false, with both untouched, when there is no handler for the path */
export type Delegate = (other: OtherRequest) => boolean | Promise<boolean>

/** Whether a request opens a WebSocket (RFC 6455, section 4.2.1). Upgrades to all other protocols are ignored. */
export function isWebSocket({ method, headers }: RequestHead): boolean {
  return method === 'GET' && lists(headers.get('upgrade'), 'websocket') && lists(headers.get('connection'), 'upgrade')
}

function lists(value = '', word: string): boolean {
  return value.split(',').some((part) => part.trim().toLowerCase() === word)
}
