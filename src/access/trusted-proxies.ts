import { BlockList, isIP } from 'node:net'
import { isLocalAddress, plainAddress } from './address.ts'

const LOOPBACK = /^127\.|^::1$/

/** What depends on the report of a proxy: only what is shown and logged, or limits and bans too. */
export type ReportUse = 'shown' | 'counted'

/** The proxies whose reports of their clients are accepted. */
export interface TrustedProxies {
  /** True when they are configured: then exactly these, for all uses, also by the PROXY protocol. */
  readonly areConfigured: boolean
  /** @param address as sockets report it */
  isTrustedProxy(address: string, use: ReportUse): boolean
}

/**
 * Without configured proxies: this machine and its private networks for what is shown and logged, and for limits only loopback
 * addresses, because a host of the network could report a new address with each request.
 */
export const LOCAL_PROXIES: TrustedProxies = {
  areConfigured: false,
  isTrustedProxy: (address, use) => (use === 'shown' ? isLocalAddress(address) : LOOPBACK.test(address)),
}

/** @param ranges valid addresses and ranges in CIDR notation; undefined: see `LOCAL_PROXIES` */
export function createTrustedProxies(ranges: readonly string[] | undefined): TrustedProxies {
  if (ranges === undefined) return LOCAL_PROXIES
  const list = blockListOf(ranges)
  return { areConfigured: true, isTrustedProxy: (address) => isIn(list, address) }
}

/** Makes a list of valid addresses and ranges in CIDR notation. */
export function blockListOf(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', bits] = range.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}

/** Whether a list has an address. @param address with or without a zone; any other text is in no list */
export function isIn(list: BlockList, address: string): boolean {
  const [plain = ''] = plainAddress(address).split('%', 1)
  const family = isIP(plain)
  return family !== 0 && list.check(plain, family === 6 ? 'ipv6' : 'ipv4')
}
