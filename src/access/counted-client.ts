import { networkOf } from './address.ts'
import { readForwarded } from './forwarded.ts'
import { LOCAL_PROXIES, type TrustedProxies } from './trusted-proxies.ts'

/**
 * Returns the client for which a request is counted where clients share a limit: as a trusted proxy reports it, or else the peer.
 * @param peer address of the other end of the connection. @param fields of the request. @returns see `networkOf`
 */
export function countedClient(
  peer: string,
  fields: Pick<ReadonlyMap<string, string>, 'get'>,
  proxies: TrustedProxies = LOCAL_PROXIES,
): string {
  return networkOf(readForwarded(peer, fields, proxies, 'counted').address ?? peer)
}
