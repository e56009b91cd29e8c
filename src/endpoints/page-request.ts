import type { IncomingMessage } from 'node:http'
import { clientOf, countedClientOf } from '../transport/client.ts'
import type { OtherRequest } from '../transport/delegate.ts'
import { originOf, proxiesOf } from '../transport/origin.ts'

/** A request for a page, with its client. */
export interface PageRequest {
  /** Decoded: `/talk/kitchen`. */
  readonly path: string
  /** Whether it is the path of a stream. */
  readonly isStream: boolean
  readonly query: URLSearchParams
  /** Address of the peer, or of the client as the PROXY protocol reports it, also when a delivery thread has forwarded the connection; IPv4-mapped ones are written as IPv4. */
  readonly remoteAddress: string
  /** IP address of the client, as a proxy reports it or else as of the peer. */
  readonly address: string
  /** True when a configured proxy has reported the client. */
  readonly isReported: boolean
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

/** Returns the request for a page that the front door has read, without the message, which node:http makes of it. */
export function requestOf({ request, socket, isStream }: OtherRequest): Omit<PageRequest, 'message'> {
  const { path, query, target, headers } = request
  const peer = originOf(socket)
  const { name: client, address, forwarded } = clientOf(request, socket)
  return {
    path,
    query,
    isStream,
    remoteAddress: peer.address,
    address,
    isReported: proxiesOf(socket).areConfigured && forwarded.address !== undefined,
    client,
    network: countedClientOf(request, socket),
    isSecure: forwarded.isSecure ?? peer.isSecure,
    host: forwarded.host ?? headers.get('host'),
    prefix: forwarded.prefix,
    root: relativeRoot(target),
  }
}

/**
 * Returns the relative reference from a request's path to the root of this server: `./` from `/cd`, `../` from `/player/cd`.
 * Pages use it in all references, so that they work behind a proxy that adds a path in front, whether or not it reports it.
 * @param target as sent: an encoded slash is not a separator.
 */
function relativeRoot(target: string): string {
  const [path = ''] = target.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1)
  const depth = path.split('/').length - 2
  return depth > 0 ? '../'.repeat(depth) : './'
}
