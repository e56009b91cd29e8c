import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { isLocalAddress } from '../access/address.ts'
import type { PageRequest } from './page-request.ts'

/**
 * Header fields that a proxy adds. The proxy may be local although the request is from elsewhere. In addition to RFC 7239, RFC
 * 9110 and RFC 8586, vendors have their own names for the client's address: `CF-Connecting-IP`, `True-Client-IP`, `X-Real-IP`.
 */
const ADDED_BY_PROXY =
  /^(forwarded|forwarded-for|via|cdn-loop|x-forwarded|x-forwarded-.*|x-original-.*|x-proxyuser-ip)$|(client|connecting|connection|real|remote|originating|user|socket|external|source)-?(ip|addr|address)(v6)?$/

/**
 * Names that cannot be in the public DNS: RFC 6761 (localhost), RFC 6762 (local), RFC 8375 (home.arpa), `internal`, which ICANN
 * has reserved, `lan`, which is not delegated, and names of one label.
 */
const LOCAL_NAME = /^[^.]+\.?$|\.(localhost|local|home\.arpa|internal|lan)\.?$/i

/** Parts of a request that show where it is from. Those of a proxy's report may be missing. */
type Sent = Pick<PageRequest, 'remoteAddress' | 'message'> &
  Partial<Pick<PageRequest, 'address' | 'isReported' | 'host'>>

/**
 * Whether a request is from this machine or its network, sent directly or through a configured proxy, and to an address or a local
 * name. A hostile page can make a local browser send requests to a name of the attacker (DNS rebinding), and could read the
 * response.
 */
export function isLocalClient({ remoteAddress, message, address, isReported = false, host }: Sent): boolean {
  const { headers } = message
  const isFromHere = isReported ? isLocalAddress(address ?? '') : isLocalAddress(remoteAddress) && !isForwarded(headers)
  return isFromHere && isLocalHost(headers.host) && isLocalHost(host)
}

function isForwarded(headers: IncomingHttpHeaders): boolean {
  return Object.keys(headers).some((name) => ADDED_BY_PROXY.test(name))
}

/** @param host undefined: HTTP/1.0, which browsers do not use. */
function isLocalHost(host: string | undefined): boolean {
  const name = (host ?? '').replace(/:\d*$/, '').replaceAll(/[[\]]/g, '')
  return name === '' || isIP(name) !== 0 || LOCAL_NAME.test(name) || name.toLowerCase() === hostname().toLowerCase()
}
