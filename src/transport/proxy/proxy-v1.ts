import { isIPv4, isIPv6 } from 'node:net'
import { canonicalAddress } from '../../access/address.ts'
import { BadRequest } from '../http/request-head.ts'

/** What a proxy reports about a connection. */
export interface ProxiedClient {
  readonly address: string
  readonly port: number
  /** Whether the client used TLS up to the proxy; undefined: not reported. */
  readonly isSecure: boolean | undefined
}

/** Maximum length of a header of version 1, in bytes, with its line end (section 2.1). */
export const MAX_V1_BYTES = 107

const LINE = /^PROXY TCP([46]) ([\da-fA-F.:]+) ([\da-fA-F.:]+) (\d{1,5}) (\d{1,5})\r\n$/
/** What follows is ignored. */
const UNKNOWN = /^PROXY UNKNOWN(?: [^\r\n]*)?\r\n$/
const MAX_PORT = 65_535

/**
 * @param line with its line end, each byte a character
 * @returns undefined when the proxy does not know the client @throws BadRequest
 */
export function parseV1(line: string): ProxiedClient | undefined {
  if (UNKNOWN.test(line)) return undefined
  const [, family, source = '', destination = '', sourcePort = '', destinationPort = ''] = LINE.exec(line) ?? []
  const isAddress = family === '4' ? isIPv4 : isIPv6
  const isValid = [source, destination].every(isAddress) && [sourcePort, destinationPort].every(isPort)
  if (!isValid) throw new BadRequest(400, 'the PROXY header is not valid')
  return { address: canonicalAddress(source), port: Number(sourcePort), isSecure: undefined }
}

/** Digits without leading zeros. */
function isPort(text: string): boolean {
  return /^(?:0|[1-9]\d*)$/.test(text) && Number(text) <= MAX_PORT
}
