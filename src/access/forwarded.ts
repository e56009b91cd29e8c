/**
 * Reads what reverse proxies report about a request: `Forwarded` (RFC 7239) and the `X-Forwarded-*` fields, which have no
 * standard. Any client can send these fields, so they count only from trusted proxies.
 *
 *      X-Forwarded-For: 198.51.100.9, 192.0.2.60      each proxy appends the address of its peer
 *                       '-- sent by   '-- appended by the nearest proxy: the client, as far as it is known for certain
 *                           anything
 */
import { isIP } from 'node:net'
import { plainAddress } from './address.ts'
import { LOCAL_PROXIES, type ReportUse, type TrustedProxies } from './trusted-proxies.ts'

/** Report of the proxies in front of this server about one request. */
export interface Forwarded {
  /** Address of the client, as IPv4 or IPv6 without brackets; undefined: not reported. */
  readonly address: string | undefined
  /** Port of the client; undefined: not reported. */
  readonly port: number | undefined
  /** Whether the client used HTTPS; undefined: not reported. */
  readonly isSecure: boolean | undefined
  /** Host that the client requested, with its port if that is not the default; undefined: not reported. */
  readonly host: string | undefined
  /** Path in front of this server's own paths, such as `/radio`, percent-encoded as reported; often empty. */
  readonly prefix: string
}

/** Header fields by name in lower case; repeated fields are joined by commas. */
type Fields = Pick<ReadonlyMap<string, string>, 'get'>

type Node = Pick<Forwarded, 'address' | 'port'>

/** One element of `Forwarded`: its parameters by name in lower case. */
type Element = ReadonlyMap<string, string>

const NOT_FORWARDED: Forwarded = {
  address: undefined,
  port: undefined,
  isSecure: undefined,
  host: undefined,
  prefix: '',
}

const REPORTS = [
  'forwarded',
  'x-forwarded-for',
  'x-real-ip',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-forwarded-prefix',
] as const

const NO_NODE: Node = { address: undefined, port: undefined }
const NODE = /^(?:\[(?<v6>[^\]]*)\]|(?<v4>[\d.]+))(?::(?<port>\d{1,5}))?$/
const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|[\w.-]{1,253})(?::\d{1,5})?$/
/** Segments of a path without commas, which separate reported prefixes. */
const PREFIX = /^(?:\/[\w.~!$&'()*+;=:@%-]+)+\/?$/
/** Maximum length of a path prefix, in characters: longer ones do not fit into a QR code with the rest of an address. */
const MAX_PREFIX = 256

/**
 * @param peer address of the other end of the connection. @param use of the result
 * @returns what `fields` report; nothing when the peer is not a trusted proxy.
 */
export function readForwarded(
  peer: string,
  fields: Fields,
  proxies: TrustedProxies = LOCAL_PROXIES,
  use: ReportUse = 'shown',
): Forwarded {
  // Most requests report nothing, and whether a peer is trusted takes longer to find out.
  if (!REPORTS.some((name) => fields.get(name) !== undefined)) return NOT_FORWARDED
  if (!proxies.isTrustedProxy(peer, use)) return NOT_FORWARDED
  const elements = elementsOf(fields.get('forwarded') ?? '')
  const node = clientOf(addressesOf(fields, elements, proxies), proxies)
  const proto = firstOf(fields.get('x-forwarded-proto')) ?? reported(elements, 'proto')
  const host = firstOf(fields.get('x-forwarded-host')) ?? reported(elements, 'host') ?? ''
  return {
    ...node,
    isSecure: isSecure(proto),
    host: HOST.test(host) ? host : undefined,
    prefix: prefixOf(fields.get('x-forwarded-prefix')),
  }
}

/** Returns the addresses of the client and of the proxies in front of the nearest one, which has appended the last address. */
function addressesOf(
  fields: Fields,
  elements: readonly Element[],
  { areConfigured }: TrustedProxies,
): readonly (string | undefined)[] {
  const list = fields.get('x-forwarded-for')
  if (list !== undefined) return list.split(',').map((address) => address.trim())
  if (elements.length > 0) return elements.map((element) => element.get('for'))
  return areConfigured ? [fields.get('x-real-ip')] : []
}

/**
 * Returns the last address, or with configured proxies the last one that is not of a trusted proxy. An address that is not valid
 * ends the search, because nothing is known of the proxy that has appended those before it.
 */
function clientOf(addresses: readonly (string | undefined)[], proxies: TrustedProxies): Node {
  let client = NO_NODE
  for (const address of addresses.toReversed()) {
    const node = nodeOf(address ?? '')
    if (node.address === undefined) return client
    client = node
    if (!proxies.areConfigured || !proxies.isTrustedProxy(node.address, 'counted')) return client
  }
  return client
}

function firstOf(list: string | undefined): string | undefined {
  return list?.split(',', 1)[0]?.trim()
}

function reported(elements: readonly Element[], name: string): string | undefined {
  return elements.find((element) => element.has(name))?.get(name)
}

function isSecure(proto: string | undefined): boolean | undefined {
  const known = /^(?:http|ws)(s?)$/i.exec(proto ?? '')
  return known === null ? undefined : known[1] !== ''
}

/** RFC 7239, section 6: an address with or without a port. `unknown` and obfuscated identifiers are not addresses. */
function nodeOf(text: string): Node {
  if (isIP(text) !== 0) return { address: plainAddress(text), port: undefined }
  const { v6, v4, port } = NODE.exec(text)?.groups ?? {}
  const address = v6 ?? v4 ?? ''
  if (isIP(address) === 0) return NO_NODE
  return { address: plainAddress(address), port: port === undefined ? undefined : Number(port) }
}

/** Each proxy appends the part of the path that it removes. */
function prefixOf(list = ''): string {
  const parts = list.split(',').map((part) => part.trim())
  const joined = parts.map((part) => (PREFIX.test(part) ? part.replace(/\/$/, '') : '')).join('')
  const isPath = joined.length <= MAX_PREFIX && !joined.split('/').some((segment) => /^\.+$/.test(segment))
  return isPath ? joined : ''
}

/** RFC 7239, section 4: elements are separated by commas, pairs by semicolons, and quoted values may have both in them. */
function elementsOf(value: string): Element[] {
  if (value === '') return []
  return splitOutsideQuotes(value, ',').map((element) => new Map(splitOutsideQuotes(element, ';').map(pairOf)))
}

function pairOf(pair: string): [name: string, value: string] {
  const at = pair.indexOf('=')
  const value = pair.slice(at + 1).trim()
  const unquoted = value.startsWith('"') ? value.replaceAll(/^"|"$/g, '').replaceAll(/\\(.)/g, '$1') : value
  return [pair.slice(0, Math.max(at, 0)).trim().toLowerCase(), unquoted]
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = []
  let start = 0
  let isQuoted = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (isQuoted && character === '\\') at++
    else if (character === '"') isQuoted = !isQuoted
    else if (!isQuoted && character === separator) {
      parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  return [...parts, text.slice(start)]
}
