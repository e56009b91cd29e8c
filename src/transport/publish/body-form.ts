import { BadRequest, type RequestHead } from '../http/request-head.ts'
import { type BodyDecoder, ChunkedBody } from './chunked-body.ts'

/**
 * Chooses the decoder of a publisher's body (RFC 9112, section 6.3). Without a length it lasts until the connection ends.
 * @returns undefined for an empty body: libshout first asks so whether it has to send a password
 * @throws BadRequest when the length is ambiguous
 */
export function bodyOf({ version, headers }: RequestHead): BodyDecoder | undefined {
  const encoding = headers.get('transfer-encoding')
  const length = headers.get('content-length')
  if (encoding !== undefined) {
    if (length !== undefined) throw new BadRequest(400, 'Transfer-Encoding and Content-Length exclude each other')
    if (encoding.toLowerCase() !== 'chunked' || version === '1.0') {
      throw new BadRequest(400, 'the only Transfer-Encoding that is supported is one "chunked", in HTTP/1.1')
    }
    return new ChunkedBody()
  }
  if (length === undefined) return new EndlessBody()
  const bytes = Number(length)
  if (!/^\d+$/.test(length) || !Number.isSafeInteger(bytes)) {
    throw new BadRequest(400, 'the Content-Length is not valid')
  }
  if (bytes > 0) return new SizedBody(bytes)
  return expectsContinue({ headers }) ? new EndlessBody() : undefined
}

/** Whether a client waits for `100 Continue` before it sends the body (RFC 9110, section 10.1.1). */
export function expectsContinue({ headers }: Pick<RequestHead, 'headers'>): boolean {
  return headers.get('expect')?.toLowerCase() === '100-continue'
}

/** A body that lasts until the connection ends. */
export class EndlessBody implements BodyDecoder {
  readonly isComplete = false

  decode(chunk: Buffer): Buffer {
    return chunk
  }
}

/** A body with a length. */
class SizedBody implements BodyDecoder {
  #left: number

  /** @param length in bytes */
  constructor(length: number) {
    this.#left = length
  }

  get isComplete(): boolean {
    return this.#left === 0
  }

  decode(chunk: Buffer): Buffer {
    const part = chunk.subarray(0, this.#left)
    this.#left -= part.length
    return part
  }
}
