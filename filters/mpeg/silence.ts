import type { Frame } from '../frame-filter.ts'
import { enlargeFrame, MPEG_HEADER_BYTES, mpegDurationUs, mpegFrameBytes } from './header.ts'
import { isLayer3, sideInfoBytes } from './layer-3.ts'

/**
 * Silent frames of MPEG audio. A frame that is all zero after the header plays as silence: in Layers I and II no subband
 * has bits; in Layer III no granule has data, and no main data of earlier frames is needed. Decoders do not read the main
 * data area of such a Layer III frame, unless the next frame's main data begin there.
 */

/**
 * @param last a frame, which may contain any bytes.
 * @returns silence of the same kind and bit rate; undefined if `last` is not a frame of MPEG audio.
 */
export function silentMpegFrame(last: Buffer): Frame | undefined {
  const frameBytes = mpegFrameBytes(last, 0)
  if (frameBytes === 0 || frameBytes !== last.length) return undefined
  const header = silentHeader(last)
  // No padding: the frame is repeated, and must not exceed the bit rate.
  header.writeUInt8((header[2] ?? 0) & 0xfd, 2)
  return { bytes: filled(header), durationUs: mpegDurationUs(header, 0) }
}

/**
 * Returns the shortest silent frame whose main data area ends with the given bytes.
 * @param model the Layer III frame whose format the silent one gets.
 * @param tail at most 511 bytes, in MPEG-2 and 2.5 at most 255: the longest frame has room for them.
 */
export function silentFrameEndingIn(model: Buffer, tail: Buffer): Buffer {
  const frame = silentFrameWithRoom(model, tail.length)
  tail.copy(frame, frame.length - tail.length)
  return frame
}

/**
 * Returns the shortest silent frame with room for some bytes behind its side information.
 * @param model the Layer III frame whose format the silent one gets.
 * @param bytes at most 511, in MPEG-2 and 2.5 at most 255: the longest frame has room for them.
 */
export function silentFrameWithRoom(model: Buffer, bytes: number): Buffer {
  const header = silentHeader(model)
  enlargeFrame(header, MPEG_HEADER_BYTES + sideInfoBytes(model) + bytes)
  return filled(header)
}

/**
 * Returns the header of `model` without a checksum, and without the stereo mode extension in Layer III: silence needs
 * neither.
 */
function silentHeader(model: Buffer): Buffer {
  const header = Buffer.from(model.subarray(0, MPEG_HEADER_BYTES))
  header.writeUInt8((model[1] ?? 0) | 0x01, 1)
  if (isLayer3(model)) header.writeUInt8((model[3] ?? 0) & 0xcf, 3)
  return header
}

function filled(header: Buffer): Buffer {
  const frame = Buffer.alloc(mpegFrameBytes(header, 0))
  header.copy(frame)
  return frame
}
