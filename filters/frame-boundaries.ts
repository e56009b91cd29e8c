import type { ByteQueue } from './byte-queue.ts'
import type { Syntax } from './syntax.ts'
import { ID3_FIRST_BYTE, TAG_HEAD_BYTES, tagBytes } from './tags.ts'

/** The first byte of every header. */
export const SYNC_BYTE = 0xff

/**
 * Finds where a frame or an ID3v2 tag may begin. A plain loop, because a call of `indexOf` for each sync byte is dearer
 * as soon as there are many of them.
 * @returns an index in `bytes`, `from` or later; their length when nothing may begin before it.
 */
export function nextBoundary(bytes: Buffer, from: number, syntax: Syntax): number {
  for (let at = from; at < bytes.length; at++) {
    const first = bytes[at]
    if (first === ID3_FIRST_BYTE) return at
    if (first !== SYNC_BYTE) continue
    // A header that goes on in the next chunk is for the caller to judge.
    if (at + syntax.headerBytes > bytes.length || syntax.frameBytes(bytes, at) > 0) return at
  }
  return bytes.length
}

/**
 * Tells a whole frame from one that was cut short and goes on with something else.
 * @param queue begins with the frame, and holds `TAG_HEAD_BYTES` after it or all that is left of the source.
 * @param frameBytes the length of the frame.
 * @returns whether it is followed by something that may follow a frame: a header of any kind, a tag, or the end.
 */
export function endsAtBoundary(queue: ByteQueue, frameBytes: number, syntax: Syntax): boolean {
  const rest = queue.length - frameBytes
  if (rest <= 0) return rest === 0
  const at = queue.look(frameBytes, TAG_HEAD_BYTES)
  // The last bytes of a source may be the beginning of a header.
  if (rest < syntax.headerBytes) return queue.found[at] === SYNC_BYTE
  return syntax.frameBytes(queue.found, at) > 0 || tagBytes(queue.found, at) > 0
}
