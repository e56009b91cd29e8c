import { networkOf } from './address.ts'
import { readForwarded } from './forwarded.ts'

const LOOPBACK = /^127\.|^::1$/

/**
 * Returns the client for which a request is counted where clients share a limit. Behind a proxy on this machine, that is the
 * address which the proxy appended. Other peers are not trusted here: a host of the network could report a new address with
 * each request.
 * @param peer address of the other end of the connection. @param fields of the request. @returns see `networkOf`
 */
export function countedClient(peer: string, fields: Pick<ReadonlyMap<string, string>, 'get'>): string {
  const address = LOOPBACK.test(peer) ? readForwarded(peer, fields).address : undefined
  return networkOf(address ?? peer)
}
