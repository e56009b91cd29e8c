import type { ByteQueue } from './byte-queue.ts'
import type { Syntax } from './syntax.ts'
import { beginsTag, mayBeginTag, TAG_HEAD_BYTES } from './tags.ts'

/** The first byte of every header. */
export const SYNC_BYTE = 0xff

/**
 * Finds where a frame or a tag may begin. A plain loop, because a call of `indexOf` for each sync byte is dearer
 * as soon as there are many of them.
 * @returns an index in `bytes`, `from` or later; their length when nothing may begin before it.
 */
export function nextBoundary(bytes: Buffer, from: number, syntax: Syntax): number {
  for (let at = from; at < bytes.length; at++) {
    const first = bytes[at]
    if (first !== SYNC_BYTE) {
      if (mayBeginTag(bytes, at)) return at
      continue
    }
    // A header that goes on in the next chunk is for the caller to judge.
    if (at + syntax.headerBytes > bytes.length || syntax.frameBytes(bytes, at) > 0) return at
  }
  return bytes.length
}

/**
 * Finds where a frame may begin.
 * @returns an index in `bytes`, `from` or later; `to` when none may begin before it.
 */
export function nextHeader(bytes: Buffer, from: number, to: number, syntax: Syntax): number {
  for (let at = from; at < to; at++) {
    if (bytes[at] !== SYNC_BYTE) continue
    if (at + syntax.headerBytes > bytes.length || syntax.frameBytes(bytes, at) > 0) return at
  }
  return to
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
  return syntax.frameBytes(queue.found, at) > 0 || beginsTag(queue.found, at)
}

/**
 * Tells a whole frame that something else follows from one that was cut short there.
 *
 * Text and zeros behind the frame are no sound; when its last byte is of another kind, the frame ends where its header says. A
 * frame that was cut short ends in what follows it, or holds the beginning of that.
 * @param queue begins with the frame, and holds `TAG_HEAD_BYTES` after it.
 */
export function endsAtText(queue: ByteQueue, frameBytes: number, syntax: Syntax): boolean {
  if (queue.length < frameBytes + TAG_HEAD_BYTES) return false
  const tail = queue.look(frameBytes - 1, TAG_HEAD_BYTES + 1)
  const isSeparate = isFollowedBy(queue.found, tail, isZero) || isFollowedBy(queue.found, tail, isPrintable)
  if (!isSeparate) return false
  const kind = kindAt(queue, 0, syntax)
  for (let offset = 1; offset < frameBytes; offset++) {
    const at = queue.look(offset, TAG_HEAD_BYTES)
    if (syntax.frameBytes(queue.found, at) > 0 && syntax.kind(queue.found, at) === kind) return false
    if (beginsTag(queue.found, at)) return false
  }
  return true
}

/**
 * Finds the place of a frame whose header is broken, where all frames are of one length (but for padding).
 * @param queue begins with the frame before it.
 * @param frameBytes the length of that frame.
 * @returns the length of the broken frame in bytes, 0 when the next header is elsewhere.
 */
export function brokenFrameBytes(queue: ByteQueue, frameBytes: number, syntax: Syntax): number {
  const kind = kindAt(queue, 0, syntax)
  for (const bytes of [frameBytes, frameBytes - 1, frameBytes + 1]) {
    const at = queue.look(frameBytes + bytes, syntax.headerBytes)
    const next = syntax.frameBytes(queue.found, at)
    if (next > 0 && Math.abs(next - frameBytes) <= 1 && syntax.kind(queue.found, at) === kind) return bytes
  }
  return 0
}

function kindAt(queue: ByteQueue, offset: number, syntax: Syntax): number {
  const at = queue.look(offset, syntax.headerBytes)
  return syntax.kind(queue.found, at)
}

/** Whether the byte at `at` is not of a kind that the next ones are all of. */
function isFollowedBy(bytes: Buffer, at: number, isOfKind: (byte: number) => boolean): boolean {
  if (isOfKind(bytes[at] ?? 0)) return false
  for (let i = 1; i <= TAG_HEAD_BYTES; i++) if (!isOfKind(bytes[at + i] ?? 0)) return false
  return true
}

function isZero(byte: number): boolean {
  return byte === 0
}

/** ASCII, line ends included. */
function isPrintable(byte: number): boolean {
  return (byte >= 0x20 && byte <= 0x7e) || (byte >= 0x09 && byte <= 0x0d)
}
