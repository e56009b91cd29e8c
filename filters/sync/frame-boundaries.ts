import type { ByteQueue } from '../bytes/byte-queue.ts'
import { beginsTag, mayBeginTag, TAG_HEAD_BYTES } from '../titles/tags.ts'
import type { Syntax } from './syntax.ts'

/** The first byte of every header. */
export const SYNC_BYTE = 0xff

/**
 * Finds the next position where a frame or a tag may begin. A plain loop, because calling `indexOf` for each sync byte is
 * slower once there are many of them.
 * @returns an index in `bytes`, `from` or later; their length if neither may begin before it.
 */
export function nextBoundary(bytes: Buffer, from: number, syntax: Syntax): number {
  for (let at = from; at < bytes.length; at++) {
    const first = bytes[at]
    if (first !== SYNC_BYTE) {
      if (mayBeginTag(bytes, at)) return at
      continue
    }
    // A header that continues in the next chunk is left to the caller to check.
    if (at + syntax.headerBytes > bytes.length || syntax.frameBytes(bytes, at) > 0) return at
  }
  return bytes.length
}

/**
 * Finds the next position where a frame may begin.
 * @returns an index in `bytes`, `from` or later; `to` if none may begin before it.
 */
export function nextHeader(bytes: Buffer, from: number, to: number, syntax: Syntax): number {
  for (let at = from; at < to; at++) {
    if (bytes[at] !== SYNC_BYTE) continue
    if (at + syntax.headerBytes > bytes.length || syntax.frameBytes(bytes, at) > 0) return at
  }
  return to
}

/**
 * Distinguishes a whole frame from one that was cut short and is followed by other bytes.
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
 * Distinguishes a whole frame that is followed by text or zeros from one that was cut short by them.
 *
 * Text and zeros behind the frame are not sound. If the last byte of the frame is of another kind than they are, the frame
 * ends where its header says. A frame that was cut short ends within the bytes that follow it, or contains their beginning.
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
 * Finds the length of a frame whose header is broken, in streams whose frames all have the same length (except for
 * padding).
 * @param queue begins with the frame before it.
 * @param frameBytes the length of that frame.
 * @returns the length of the broken frame in bytes; 0 if the next header is elsewhere.
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

/** Returns whether all bytes after `at` are of the given kind, and the byte at `at` is not. */
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
