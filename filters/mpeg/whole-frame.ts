import { enlargeFrame, MPEG_HEADER_BYTES, mpegFrameBytes } from './header.ts'
import { beginMainDataHere, isLayer3, mainDataAt, mainDataBegin, mainDataBytes, sideInfoBytes } from './layer-3.ts'

/**
 * Returns a frame that decodes to the same samples without the frames before it: a larger one, at a higher bit rate, which
 * also has the main data that it refers back to. The frames behind it stay as they are.
 *
 * ```
 *   before   [h|side|.. a a a][h|side|a a a . b b][h|side|b b b ...      a: main data of the frame, b: of the next one
 *   after                 [h|side|a a a a a a 0 0 b b][h|side|b b b ...
 * ```
 *
 * @param leadIn the frame that a listener receives before this one: it ends with the missing main data.
 * @param next undefined: not known, so everything behind its own main data is kept.
 * @returns the frame itself if it needs nothing of the frames before it; undefined if no frame is large enough, or if the
 * missing main data are not there.
 */
export function wholeFrame(frame: Buffer, leadIn: Buffer, next: Buffer | undefined): Buffer | undefined {
  if (!isLayer3(frame)) return frame
  const missing = mainDataBegin(frame)
  if (missing === 0) return frame
  if (leadIn.length === 0 || leadIn.length - mainDataAt(leadIn) < missing) return undefined
  const data = Buffer.concat([leadIn.subarray(leadIn.length - missing), frame.subarray(mainDataAt(frame))])
  const ownBytes = mainDataBytes(frame)
  const keptBytes = next === undefined ? data.length - ownBytes : Math.min(mainDataBegin(next), data.length - ownBytes)
  if (keptBytes < 0) return undefined
  const head = headOf(frame)
  const isLarge = enlargeFrame(head, head.length + ownBytes + keptBytes)
  return isLarge ? filled(head, data.subarray(0, ownBytes), data.subarray(data.length - keptBytes)) : undefined
}

/** Returns the header and side information of a frame without a checksum, and with nothing before its own area. */
function headOf(frame: Buffer): Buffer {
  const at = mainDataAt(frame)
  const head = Buffer.concat([frame.subarray(0, MPEG_HEADER_BYTES), frame.subarray(at - sideInfoBytes(frame), at)])
  head[1] = (head[1] ?? 0) | 0x01
  beginMainDataHere(head)
  return head
}

function filled(head: Buffer, own: Buffer, kept: Buffer): Buffer {
  const frame = Buffer.alloc(mpegFrameBytes(head, 0))
  head.copy(frame)
  own.copy(frame, head.length)
  kept.copy(frame, frame.length - kept.length)
  return frame
}
