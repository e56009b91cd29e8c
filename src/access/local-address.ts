import { BlockList, isIP } from 'node:net'

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

/**
 * Whether an address is a loopback, private or link-local one.
 * @param address as sockets report it, `::ffff:10.0.0.1` and `fe80::1%eth0` included.
 */
export function isLocalAddress(address: string): boolean {
  const [plain = ''] = address.split('%', 1)
  const family = isIP(plain)
  return family !== 0 && LOCAL.check(plain, family === 6 ? 'ipv6' : 'ipv4')
}
