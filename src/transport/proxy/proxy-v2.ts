import { canonicalAddress } from '../../access/address.ts'
import { BadRequest } from '../http/request-head.ts'
import type { ProxiedClient } from './proxy-v1.ts'

/** First bytes of version 2 (section 2.2). They are also two empty lines, which no client sends before a zero byte. */
export const V2_SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')

/** Signature, version and command, family, and the length of what follows. */
const FIXED_BYTES = 16
const VERSION_AND_COMMAND_AT = 12
const FAMILY_AT = 13
const LENGTH_AT = 14
/** Maximum length behind the fixed bytes: addresses take 216 at most, and TLVs with a certificate's names a few hundred. */
const MAX_LENGTH = 4_096

const LOCAL = 0x20
const PROXY = 0x21
/** Families: of TCP over IPv4 and IPv6, and those without an address of the client of a TCP connection. */
const TCP4 = 0x11
const TCP6 = 0x21
const WITHOUT_CLIENT: ReadonlySet<number> = new Set([0x00, 0x12, 0x22, 0x31, 0x32])
/** Bytes of both addresses, and of both ports. */
const ADDRESS_BYTES: Readonly<Record<number, number>> = {
  [TCP4]: 12,
  0x12: 12,
  [TCP6]: 36,
  0x22: 36,
  0x31: 216,
  0x32: 216,
}
const PORTS_BYTES = 4

/** A TLV has a type and a length of two bytes. That of TLS begins with bits about the client, and four bytes of a result. */
const TLV_BYTES = 3
const TYPE_SSL = 0x20
const SSL_BYTES = 5
const CLIENT_SSL = 0x01

/**
 * @param bytes begin with the signature, as far as they have arrived
 * @returns length of the whole header, in bytes; undefined: not known yet @throws BadRequest
 */
export function lengthOfV2(bytes: Buffer): number | undefined {
  if (bytes.length < FIXED_BYTES) return undefined
  const length = bytes.readUInt16BE(LENGTH_AT)
  if (length > MAX_LENGTH) throw new BadRequest(400, `the PROXY header is longer than ${MAX_LENGTH} bytes`)
  return FIXED_BYTES + length
}

/**
 * @param header whole
 * @returns undefined when the connection is of the proxy itself, or has no IP address of a client @throws BadRequest
 */
export function parseV2(header: Buffer): ProxiedClient | undefined {
  const command = header[VERSION_AND_COMMAND_AT]
  const family = header[FAMILY_AT] ?? 0
  if (command !== LOCAL && command !== PROXY) throw invalid()
  if (family !== TCP4 && family !== TCP6 && !WITHOUT_CLIENT.has(family)) throw invalid()
  // The rest of a LOCAL header is to be skipped, whatever it is.
  if (command === LOCAL) return undefined
  const rest = header.subarray(FIXED_BYTES)
  const addressBytes = ADDRESS_BYTES[family] ?? 0
  if (rest.length < addressBytes) throw invalid()
  const isSecure = readTls(rest.subarray(addressBytes))
  if (WITHOUT_CLIENT.has(family)) return undefined
  const both = addressBytes - PORTS_BYTES
  const source = rest.subarray(0, both / 2)
  const address = family === TCP4 ? source.join('.') : canonicalAddress(groupsOf(source))
  return { address, port: rest.readUInt16BE(both), isSecure }
}

/** Returns the groups of an IPv6 address. */
function groupsOf(bytes: Buffer): string {
  const groups: string[] = []
  for (let at = 0; at < bytes.length; at += 2) groups.push(bytes.readUInt16BE(at).toString(16))
  return groups.join(':')
}

/** Reads whether the client used TLS; undefined: not reported. @throws BadRequest when a TLV is not complete */
function readTls(tlvs: Buffer): boolean | undefined {
  let isSecure: boolean | undefined
  for (let at = 0; at < tlvs.length; ) {
    if (tlvs.length - at < TLV_BYTES) throw invalid()
    const type = tlvs[at]
    const start = at + TLV_BYTES
    at = start + tlvs.readUInt16BE(at + 1)
    if (at > tlvs.length || (type === TYPE_SSL && at - start < SSL_BYTES)) throw invalid()
    if (type === TYPE_SSL) isSecure = ((tlvs[start] ?? 0) & CLIENT_SSL) !== 0
  }
  return isSecure
}

function invalid(): BadRequest {
  return new BadRequest(400, 'the PROXY header is not valid')
}
