import { interfacesOfHost } from '../system/interfaces-of-host.ts'
import { addressesForOthers } from '../tls/host-names.ts'

/** The hosts that stand for all addresses of the machine; clients cannot connect to them from elsewhere. */
const ALL_ADDRESSES: Readonly<Record<string, 'IPv4' | 'any' | undefined>> = { '0.0.0.0': 'IPv4', '[::]': 'any' }

/**
 * Finds URLs that clients can open.
 * @param address URL that the program listens at, as `http://[::]:8080`
 * @returns the same URL; for all addresses of the machine, one for each address in the network, or for localhost without one
 */
export function reachableUrls(address: string, interfaces = interfacesOfHost()): [string, ...string[]] {
  const [, scheme = '', host = '', port = ''] = /^(https?):\/\/(.*):(\d+)$/.exec(address) ?? []
  const family = ALL_ADDRESSES[host]
  if (family === undefined) return [address]
  const [first = 'localhost', ...others] = addressesForOthers(family, interfaces)
  const urlOf = (name: string) => `${scheme}://${name.includes(':') ? `[${name}]` : name}:${port}`
  return [urlOf(first), ...others.map(urlOf)]
}
