import { isIP } from 'node:net'
import { hostname, type NetworkInterfaceInfo } from 'node:os'
import { interfacesOfHost } from '../system/interfaces-of-host.ts'

/** What this host is called by those who connect to it. */
export interface HostNames {
  readonly names: readonly string[]
  /** IPv4 and IPv6, loopback too. */
  readonly addresses: readonly string[]
}

/** A host may have a bridge for each of hundreds of containers; a certificate would not get into one handshake. */
const MOST_ADDRESSES = 64
/** What can stand in a certificate, and is a name in the DNS. */
const NAME = /^(?!-)[a-z0-9_-]+(\.[a-z0-9_-]+)*$/

/** @param listensAt the host that it was told to listen at, if any; a name of its own perhaps. */
export function namesOfHost(listensAt = '', name = hostname(), interfaces = interfacesOfHost()): HostNames {
  // Multicast DNS knows the first label only (RFC 6762, section 3).
  const all = ['localhost', name, `${name.split('.')[0]}.local`, listensAt]
  const names = all
    .map((each) => each.toLowerCase().replace(/\.$/, ''))
    .filter((each) => NAME.test(each) && isIP(each) === 0)
  const addresses = addressesOf(interfaces).map(({ address }) => address)
  return { names: [...new Set(names)], addresses: [...new Set(['127.0.0.1', '::1', ...addresses])] }
}

/** Maximum addresses that are shown; a host may have one for each of many containers. */
const MOST_SHOWN = 4

/** The addresses that a phone in the same network can reach: those of IPv4, or without one those of IPv6 if they will do. */
export function addressesForOthers(wanted: 'IPv4' | 'any', interfaces = interfacesOfHost()): string[] {
  const others = addressesOf(interfaces).filter(({ internal }) => !internal)
  const ofIPv4 = others.filter(({ family }) => family === 'IPv4')
  const shown = ofIPv4.length > 0 || wanted === 'IPv4' ? ofIPv4 : others
  return shown.slice(0, MOST_SHOWN).map(({ address }) => address)
}

/** All but link-local IPv6 ones, which browsers cannot be given. */
function addressesOf(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): NetworkInterfaceInfo[] {
  const all = Object.values(interfaces).flatMap((each) => each ?? [])
  return all.filter(({ address }) => !address.startsWith('fe80:')).slice(0, MOST_ADDRESSES)
}
