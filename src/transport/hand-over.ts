import type { Socket } from 'node:net'
import type { RequestHead } from './request-head.ts'

/** A request that no stream answers, with the connection that it came on. */
export interface OtherRequest {
  readonly request: RequestHead
  /** It is paused, all its bytes are yet to be read, and nothing has been written to it. */
  readonly socket: Socket
  /** There is a stream at this path, but its page is asked for, or a WebSocket. */
  readonly isStream: boolean
}

/** Takes a request over, and its socket with it. @returns false, and has done nothing, when nobody answers at that path */
export type HandOver = (other: OtherRequest) => boolean | Promise<boolean>

/** Whether a request opens a WebSocket (RFC 6455, section 4.2.1). Others that wish for another protocol stay with this one. */
export function isWebSocket({ method, headers }: RequestHead): boolean {
  return method === 'GET' && lists(headers.get('upgrade'), 'websocket') && lists(headers.get('connection'), 'upgrade')
}

function lists(value = '', word: string): boolean {
  return value.split(',').some((part) => part.trim().toLowerCase() === word)
}
