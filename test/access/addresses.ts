import { connect, type Socket } from 'node:net'
import type { Client } from '../client.ts'

/** Connects from this client address; the loopback network has many. */
export function reachFrom(localAddress: string): (port: number) => Socket {
  return (port) => connect({ port, host: '127.0.0.1', localAddress })
}

/** @returns the status code of a response. */
export async function statusOf(client: Client): Promise<number> {
  return Number(/^HTTP\/1\.\d (\d+)/.exec(await client.headCame())?.[1])
}

/** A request for a target, with further header fields if given. */
export function get(target: string, fields = ''): string {
  return `GET ${target} HTTP/1.1\r\nHost: localhost\r\n${fields}\r\n`
}

/** A WebSocket handshake for a target. */
export function handshake(target: string): string {
  const key = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'
  return get(target, `Connection: Upgrade\r\nUpgrade: websocket\r\n${key}`)
}
