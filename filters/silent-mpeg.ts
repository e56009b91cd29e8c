import type { Frame } from './frame-filter.ts'
import { isLayer3, sideInfoBytes } from './layer-3.ts'
import { MPEG_HEADER_BYTES, mpegDurationUs, mpegFrameBytes } from './mpeg-header.ts'

/**
 * Frames of MPEG audio in which all is zero behind the header sound as silence: in Layers I and II no subband has bits, in
 * Layer III no granule has data, nor does it lack any from before. What lies in the main data area of such a frame of Layer III
 * is read by nobody, unless the next frame's main data begin there.
 */

/**
 * @param last a frame; any bytes will do.
 * @returns silence of the same kind and bit rate; undefined when `last` is no frame of MPEG audio.
 */
export function silentMpegFrame(last: Buffer): Frame | undefined {
  const frameBytes = mpegFrameBytes(last, 0)
  if (frameBytes === 0 || frameBytes !== last.length) return undefined
  const header = silentHeader(last)
  // No padding: the frame is repeated, and shall be no longer than the bit rate has it.
  header.writeUInt8((header[2] ?? 0) & 0xfd, 2)
  return { bytes: filled(header), durationUs: mpegDurationUs(header, 0) }
}

/**
 * The shortest silent frame whose main data area ends in some bytes.
 * @param model a frame of Layer III, which the silent one goes with.
 * @param tail at most 511 bytes, in MPEG-2 and 2.5 255: the longest frame has room for them.
 */
export function silentFrameEndingIn(model: Buffer, tail: Buffer): Buffer {
  const header = silentHeader(model)
  const wanted = MPEG_HEADER_BYTES + sideInfoBytes(model) + tail.length
  for (let size = 2; size < 30; size++) {
    const bitRateIndex = size >> 1
    const padding = size & 1
    header.writeUInt8((bitRateIndex << 4) | ((model[2] ?? 0) & 0x0d) | (padding << 1), 2)
    if (mpegFrameBytes(header, 0) >= wanted) break
  }
  const frame = filled(header)
  tail.copy(frame, frame.length - tail.length)
  return frame
}

/** The header of `model` without a checksum, and without saying how channels are joined in Layer III: silence needs none of it. */
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
