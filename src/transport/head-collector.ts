/**
 * Finds the end of a request head in chunks of any size. Each byte is looked at once and copied a few times at most, so that
 * a sender of single bytes costs no more than its bytes do.
 */

import { BadRequest } from './request-head.ts'

/** In bytes, with the empty line that ends the head and any empty lines before it. */
export const MAX_HEAD_BYTES = 16_384

/** A whole head and what came behind it. Both may be views of the last chunk. */
export interface CollectedHead {
  /** From the first byte to the empty line. */
  readonly head: Buffer
  /** What belongs to the body, or to the protocol that the connection is switched to; often empty. */
  readonly rest: Buffer
}

/**
 * Takes the next chunk of a connection.
 * @returns undefined as long as the head is incomplete. After a head or an error it must not be called again.
 * @throws BadRequest 431 when the head is longer than allowed.
 */
export type CollectHead = (chunk: Buffer) => CollectedHead | undefined

/** Most heads come in one chunk and need none of it; those that do not are rarely larger. In bytes. */
const FIRST_STORE_BYTES = 1024

const LF = 0x0a
const CR = 0x0d

/** What the current line has so far. A CR alone is still an empty line if an LF follows it. */
const NOTHING = 0
const ONLY_CR = 1
const TEXT = 2

/** Makes a collector for one request. */
export function createHeadCollector(maxBytes = MAX_HEAD_BYTES): CollectHead {
  const findEnd = createEndFinder()
  let stored: Buffer = Buffer.alloc(0)
  let length = 0

  return (chunk) => {
    const end = findEnd(chunk.subarray(0, maxBytes - length))
    if (end >= 0) {
      const last = chunk.subarray(0, end)
      const head = length === 0 ? last : Buffer.concat([stored.subarray(0, length), last])
      return { head, rest: chunk.subarray(end) }
    }
    if (length + chunk.length >= maxBytes) throw new BadRequest(431, `the head is longer than ${maxBytes} bytes`)
    stored = withRoom(stored, length, length + chunk.length, maxBytes)
    length += chunk.copy(stored, length)
    return undefined
  }
}

/** Makes a function that knows what went before and returns the index behind the empty line in its chunk, or -1. */
function createEndFinder(): (chunk: Buffer) => number {
  let line = NOTHING
  let hasText = false

  return (chunk) => {
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]
      if (byte === LF) {
        // Empty lines before the request line do not count (RFC 9112, section 2.2).
        if (line !== TEXT && hasText) return at + 1
        hasText ||= line === TEXT
        line = NOTHING
      } else {
        line = byte === CR && line === NOTHING ? ONLY_CR : TEXT
      }
    }
    return -1
  }
}

/** Doubles the store when it is full. Chunks are copied into it, for each of them may pin memory far larger than itself. */
function withRoom(stored: Buffer, used: number, needed: number, maxBytes: number): Buffer {
  if (needed <= stored.length) return stored
  const larger = Buffer.allocUnsafeSlow(Math.min(maxBytes, Math.max(FIRST_STORE_BYTES, needed, stored.length * 2)))
  stored.copy(larger, 0, 0, used)
  return larger
}
