/**
 * Finds the end of a request head in chunks of any size. Each byte is read once and copied a few times at most, so that
 * a client that sends single bytes costs no more than any other.
 */

import { BadRequest } from './request-head.ts'

/** Maximum request head, in bytes, with the empty line that ends it and any empty lines before it. */
export const MAX_HEAD_BYTES = 16_384

/** A whole head and the bytes behind it. Both may be views of the last chunk. */
export interface CollectedHead {
  /** From the first byte to the empty line. */
  readonly head: Buffer
  /** Bytes of the body, or of the protocol that the connection switches to; often empty. */
  readonly rest: Buffer
}

/**
 * Adds the next chunk of a connection.
 * @returns undefined as long as the head is incomplete. After a head or an error it must not be called again.
 * @throws BadRequest 431 when the head is longer than allowed.
 */
export type CollectHead = (chunk: Buffer) => CollectedHead | undefined

/**
 * First size of the store, in bytes. Most heads arrive in one chunk and need no store; most of the rest are smaller than this.
 */
const FIRST_STORE_BYTES = 1024

const LF = 0x0a
const CR = 0x0d

/** State of the current line. A single CR is still an empty line if an LF follows it. */
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

/** Makes a function that keeps the state between chunks and returns the index behind the empty line in its chunk, or -1. */
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

/** Doubles the store when it is full. Chunks are copied into it because each of them may pin memory far larger than itself. */
function withRoom(stored: Buffer, used: number, needed: number, maxBytes: number): Buffer {
  if (needed <= stored.length) return stored
  const larger = Buffer.allocUnsafeSlow(Math.min(maxBytes, Math.max(FIRST_STORE_BYTES, needed, stored.length * 2)))
  stored.copy(larger, 0, 0, used)
  return larger
}
