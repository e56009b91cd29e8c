import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { isLocalAddress } from '../access/local-address.ts'
import type { Asked } from './page.ts'

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

function isForwarded(headers: IncomingHttpHeaders): boolean {
  return SET_BY_PROXIES.some((name) => headers[name] !== undefined)
}

/** @param host undefined: HTTP/1.0, which no browser speaks. */
function isLocalHost(host: string | undefined): boolean {
  const name = (host ?? '').replace(/:\d*$/, '').replaceAll(/[[\]]/g, '')
  return name === '' || isIP(name) !== 0 || LOCAL_NAME.test(name) || name.toLowerCase() === hostname().toLowerCase()
}
