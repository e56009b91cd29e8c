/**
 * Reads the header of the PROXY protocol (HAProxy, proxy-protocol.txt), which a proxy sends before the bytes of a client, so before
 * TLS too. Its first bytes are those of no request and of no TLS handshake:
 *
 *      version 1   PROXY TCP4 192.0.2.7 198.51.100.1 56324 80 CR LF
 *      version 2   12 bytes of signature, version and command, family, length, addresses, TLVs
 */
import { BadRequest } from '../http/request-head.ts'
import { MAX_V1_BYTES, type ProxiedClient, parseV1 } from './proxy-v1.ts'
import { lengthOfV2, parseV2, V2_SIGNATURE } from './proxy-v2.ts'

/** Bytes of a connection behind its header. */
export interface BehindHeader {
  /** False: there was no header. */
  readonly hasHeader: boolean
  /** Undefined: the connection is of the proxy itself, or of a family without IP addresses. */
  readonly client: ProxiedClient | undefined
  /** Bytes of the client that have arrived; often empty. */
  readonly rest: Buffer
}

const V1_START = Buffer.from('PROXY ')
const LF = 0x0a
const CR = 0x0d
const NOTHING = Buffer.alloc(0)

/** Whether a connection that begins with this byte may have a header. */
export function mayBeProxyHeader(first: number | undefined): boolean {
  return first === V1_START[0] || first === CR
}

/** Reads the header of one connection, in chunks of any size. */
export class ProxyHeader {
  #bytes: Buffer = NOTHING

  /**
   * @returns undefined as long as the header is incomplete, or could still begin. It must not be called again after a result.
   * @throws BadRequest when the header is not valid
   */
  read(chunk: Buffer): BehindHeader | undefined {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk])
    const bytes = this.#bytes
    if (beginsWith(bytes, V1_START)) return bytes.length < V1_START.length ? undefined : readV1(bytes)
    if (beginsWith(bytes, V2_SIGNATURE)) return readV2(bytes)
    return { hasHeader: false, client: undefined, rest: bytes }
  }
}

/** Whether the bytes, as far as they have arrived, are those of a start. */
function beginsWith(bytes: Buffer, start: Buffer): boolean {
  const length = Math.min(bytes.length, start.length)
  return bytes.compare(start, 0, length, 0, length) === 0
}

function readV1(bytes: Buffer): BehindHeader | undefined {
  const end = bytes.subarray(0, MAX_V1_BYTES).indexOf(LF) + 1
  if (end === 0 && bytes.length < MAX_V1_BYTES) return undefined
  if (end === 0) throw new BadRequest(400, `the PROXY header is longer than ${MAX_V1_BYTES} bytes`)
  return { hasHeader: true, client: parseV1(bytes.toString('latin1', 0, end)), rest: bytes.subarray(end) }
}

function readV2(bytes: Buffer): BehindHeader | undefined {
  const length = lengthOfV2(bytes)
  if (length === undefined || bytes.length < length) return undefined
  return { hasHeader: true, client: parseV2(bytes.subarray(0, length)), rest: bytes.subarray(length) }
}
