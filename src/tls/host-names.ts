import { isIP } from 'node:net'
import { hostname, type NetworkInterfaceInfo } from 'node:os'
import { interfacesOfHost } from '../system/interfaces-of-host.ts'

/** Names and addresses under which clients connect to this host. */
export interface HostNames {
  readonly names: readonly string[]
  /** IPv4 and IPv6, including loopback. */
  readonly addresses: readonly string[]
}

/**
 * Maximum number of addresses in a certificate. A host may have a bridge for each of hundreds of containers, and a certificate
 * with all their addresses would not fit into a handshake.
 */
const MAX_ADDRESSES = 64
/** Names that are valid in the DNS and in a certificate. */
const NAME = /^(?!-)[a-z0-9_-]+(\.[a-z0-9_-]+)*$/

/** @param listensAt host of the configured listening address, if any; it may be another name of this host. */
export function namesOfHost(listensAt = '', name = hostname(), interfaces = interfacesOfHost()): HostNames {
  // Multicast DNS knows the first label only (RFC 6762, section 3).
  const all = ['localhost', name, `${name.split('.')[0]}.local`, listensAt]
  const names = all
    .map((each) => each.toLowerCase().replace(/\.$/, ''))
    .filter((each) => NAME.test(each) && isIP(each) === 0)
  const addresses = addressesOf(interfaces).map(({ address }) => address)
  return { names: [...new Set(names)], addresses: [...new Set(['127.0.0.1', '::1', ...addresses])] }
}

/** Maximum number of addresses to show; a host may have one for each of many containers. */
const MAX_SHOWN = 4

/** Returns the addresses that a phone in the same network can reach: IPv4, or if there are none and `any` is wanted, IPv6. */
export function addressesForOthers(wanted: 'IPv4' | 'any', interfaces = interfacesOfHost()): string[] {
  const others = addressesOf(interfaces).filter(({ internal }) => !internal)
  const ofIPv4 = others.filter(({ family }) => family === 'IPv4')
  const shown = ofIPv4.length > 0 || wanted === 'IPv4' ? ofIPv4 : others
  return shown.slice(0, MAX_SHOWN).map(({ address }) => address)
}

/** Returns all addresses except link-local IPv6 ones, which do not work in the URLs of browsers. */
function addressesOf(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): NetworkInterfaceInfo[] {
  const all = Object.values(interfaces).flatMap((each) => each ?? [])
  return all.filter(({ address }) => !address.startsWith('fe80:')).slice(0, MAX_ADDRESSES)
}
