import type { Socket } from 'node:net'
import { countedClient } from '../access/counted-client.ts'
import { type Forwarded, readForwarded } from '../access/forwarded.ts'
import type { RequestHead } from './http/request-head.ts'
import { originOf, proxiesOf } from './origin.ts'

/** The client of a request, which may have come through a proxy. */
export interface Client {
  /** IP address: of the client if a proxy reports one, otherwise of the other end of the connection. */
  readonly address: string
  /** For logs: `192.0.2.7:4711`, or the address alone where a proxy does not report the port. */
  readonly name: string
  /** The proxy, for logs; undefined: the client is connected directly. */
  readonly proxy: string | undefined
  /** Values that proxies report about the request. */
  readonly forwarded: Forwarded
}

/** @returns the client as this server shows and logs it; a trusted proxy reports it, or it is the peer. */
export function clientOf({ headers }: Pick<RequestHead, 'headers'>, socket: Socket): Client {
  const peer = originOf(socket)
  const forwarded = readForwarded(peer.address, headers, proxiesOf(socket))
  const { address, port } = forwarded
  if (address === undefined) {
    return { address: peer.address, name: `${peer.address}:${peer.port}`, proxy: peer.proxy, forwarded }
  }
  const host = address.includes(':') && port !== undefined ? `[${address}]` : address
  const name = port === undefined ? address : `${host}:${port}`
  return { address, name, proxy: `${peer.address}:${peer.port}`, forwarded }
}

/** @returns the client for which a request is counted where clients share a limit; see `countedClient` */
export function countedClientOf({ headers }: Pick<RequestHead, 'headers'>, socket: Socket): string {
  return countedClient(originOf(socket).address, headers, proxiesOf(socket))
}
