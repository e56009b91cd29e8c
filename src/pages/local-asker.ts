import type { IncomingHttpHeaders } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { hostname } from 'node:os'
import type { Asked } from './page.ts'

/** This machine, and networks that end at somebody's router: RFC 1122, 1918, 3927; RFC 4291, 4193. */
const LOCAL = new BlockList()
LOCAL.addSubnet('127.0.0.0', 8)
LOCAL.addSubnet('10.0.0.0', 8)
LOCAL.addSubnet('172.16.0.0', 12)
LOCAL.addSubnet('192.168.0.0', 16)
LOCAL.addSubnet('169.254.0.0', 16)
LOCAL.addAddress('::1', 'ipv6')
LOCAL.addSubnet('fc00::', 7, 'ipv6')
LOCAL.addSubnet('fe80::', 10, 'ipv6')

/** With one of these a proxy, which may well be local, says that it asks for somebody else. */
const SET_BY_PROXIES = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip']

/** Names that no public name server knows: RFC 6762, 6761, 8375, and what routers give out. One label alone is none either. */
const LOCAL_NAME = /^[^.]+\.?$|\.(local|localhost|home\.arpa|internal|lan|home|box)\.?$/i

/**
 * Whether somebody asks from this machine or its network, directly, by an address or a name that only this network has. The
 * page of a stranger can make a browser here ask under the stranger's name (DNS rebinding), and would get to read the answer.
 */
export function isLocalAsker({ remoteAddress, message }: Pick<Asked, 'remoteAddress' | 'message'>): boolean {
  return isLocalAddress(remoteAddress) && !isForwarded(message.headers) && isLocalHost(message.headers.host)
}

/** @param address as sockets tell it: `::ffff:10.0.0.1` and `fe80::1%eth0` too. */
export function isLocalAddress(address: string): boolean {
  const [plain = ''] = address.split('%', 1)
  const family = isIP(plain)
  return family !== 0 && LOCAL.check(plain, family === 6 ? 'ipv6' : 'ipv4')
}

function isForwarded(headers: IncomingHttpHeaders): boolean {
  return SET_BY_PROXIES.some((name) => headers[name] !== undefined)
}

/** @param host undefined: HTTP/1.0, which no browser speaks. */
function isLocalHost(host: string | undefined): boolean {
  const name = (host ?? '').replace(/:\d*$/, '').replaceAll(/[[\]]/g, '')
  return name === '' || isIP(name) !== 0 || LOCAL_NAME.test(name) || name.toLowerCase() === hostname().toLowerCase()
}
