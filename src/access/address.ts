import { BlockList, isIP, isIPv6, SocketAddress } from 'node:net'

/** An IPv4 address as sockets for both families report it (RFC 4291, section 2.5.5.2). It matches whole addresses only. */
const MAPPED = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i

/** Groups of 16 bits in an IPv6 address, and in its network: a site has at least a /64 to itself (RFC 6177). */
const GROUPS = 8
const NETWORK_GROUPS = 4
const MAPPED_PREFIX = [0, 0, 0, 0, 0, 0xffff]

/** This machine and its networks: RFC 1122, 1918 and 3927; RFC 4291 and 4193. */
const LOCAL = new BlockList()
LOCAL.addSubnet('127.0.0.0', 8)
LOCAL.addSubnet('10.0.0.0', 8)
LOCAL.addSubnet('172.16.0.0', 12)
LOCAL.addSubnet('192.168.0.0', 16)
LOCAL.addSubnet('169.254.0.0', 16)
LOCAL.addAddress('::1', 'ipv6')
LOCAL.addSubnet('fc00::', 7, 'ipv6')
LOCAL.addSubnet('fe80::', 10, 'ipv6')

/** @returns the address of a socket, with an IPv4-mapped address written as IPv4; anything else is returned as it is. */
export function plainAddress(address: string): string {
  return address.replace(MAPPED, '')
}

/** @param address valid, without a zone. @returns it as sockets report it, so that all spellings give the same text */
export function canonicalAddress(address: string): string {
  if (!isOfVersion6(address)) return address
  return plainAddress(new SocketAddress({ address, family: 'ipv6' }).address)
}

/**
 * Returns the network that counts as one client: an IPv4 address itself, the /64 of an IPv6 address. All spellings of an
 * address give the same result.
 * @param address from a socket or header, with or without a zone; text that is not an address is returned as it is.
 */
export function networkOf(address: string): string {
  const [plain = ''] = address.split('%', 1)
  if (!isOfVersion6(plain)) return plain
  const groups = groupsOf(plain)
  if (MAPPED_PREFIX.every((group, at) => groups[at] === group)) return dotted(groups.slice(MAPPED_PREFIX.length))
  const network = groups.slice(0, NETWORK_GROUPS).map((group) => group.toString(16))
  return `${network.join(':')}::/64`
}

/**
 * Whether an address is a loopback, private or link-local one.
 * @param address as sockets report it, `::ffff:10.0.0.1` and `fe80::1%eth0` included.
 */
export function isLocalAddress(address: string): boolean {
  const [plain = ''] = address.split('%', 1)
  const family = isIP(plain)
  return family !== 0 && LOCAL.check(plain, family === 6 ? 'ipv6' : 'ipv4')
}

/** The test of Node.js is a regular expression, of which V8 makes 160 kB of code: IPv4 addresses do not reach it. */
function isOfVersion6(address: string): boolean {
  return address.includes(':') && isIPv6(address)
}

/** @param address a valid IPv6 address without a zone. @returns its eight groups */
function groupsOf(address: string): number[] {
  const [head = [], tail] = address.split('::').map(numbersIn)
  if (tail === undefined) return [...head]
  const zeros = Array.from({ length: GROUPS - head.length - tail.length }, () => 0)
  return [...head, ...zeros, ...tail]
}

/** Returns the groups on one side of `::`; the last one may be an IPv4 address, which makes two groups. */
function numbersIn(side: string): number[] {
  if (side === '') return []
  return side.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)]
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number)
    return [a * 256 + b, c * 256 + d]
  })
}

function dotted(groups: readonly number[]): string {
  return groups.flatMap((group) => [group >> 8, group & 0xff]).join('.')
}
