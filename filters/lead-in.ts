import type { Frame, RingView } from './frame-filter.ts'
import { type Layer3Frame, mainDataAt, mainDataBegin, sideInfoBytes } from './layer-3.ts'
import { MPEG_HEADER_BYTES, mpegFrameBytes, readMpegHeader } from './mpeg-header.ts'

/**
 * Whoever begins at a frame of Layer III lacks the main data that the frame keeps in those before it. A silent frame made of
 * nothing but these bytes puts them where the decoder looks for them; after it the stream goes out as it is. So a join costs
 * one frame of silence, and no decoder finds anything wrong.
 */

const NOTHING = Buffer.alloc(0)

/**
 * What must go out before frame `at` to someone who did not get the one before it.
 * @returns nothing where nothing is missing; null when the bytes are not in the stream, or not any more.
 */
export function leadIn(at: number, ring: RingView): Buffer | null {
  const frame = ring.at(at)
  if (frame === undefined || !isLayer3(frame)) return NOTHING
  const missing = mainDataBegin(frame.bytes)
  if (missing === 0) return NOTHING
  // The encoder was running already when the source was opened: a later frame will do.
  if (missing > frame.reservoirBytes) return null
  const tail = mainDataBefore(at, ring, missing)
  if (tail !== undefined) return silentFrame(frame.bytes, tail)
  // The ring holds too little before this frame. The newest frame is taken as it is, or a small ring would let nobody in.
  return at + 1 < ring.next ? null : NOTHING
}

function isLayer3(frame: Frame): frame is Layer3Frame {
  return 'reservoirBytes' in frame
}

/** The last `bytes` bytes of main data before frame `at`; undefined when the ring has not got them all. */
function mainDataBefore(at: number, ring: RingView, bytes: number): Buffer | undefined {
  const tail = Buffer.allocUnsafe(bytes)
  let missing = bytes
  for (let seq = at - 1; missing > 0; seq--) {
    const frame = ring.at(seq)?.bytes
    const begin = frame && mainDataAt(frame)
    if (frame === undefined || begin === undefined) return undefined
    const part = frame.subarray(Math.max(begin, frame.length - missing))
    missing -= part.copy(tail, missing - part.length)
  }
  return tail
}

/** A frame like `model` whose side information is all zero, which is silence, and whose main data ends in `tail`. */
function silentFrame(model: Buffer, tail: Buffer): Buffer | null {
  const header = readMpegHeader(model, 0)
  if (header === undefined) return null
  const bytesBefore = MPEG_HEADER_BYTES + sideInfoBytes(header.version, header.channels)
  const start = smallestHeader(model, bytesBefore + tail.length)
  if (start === undefined) return null
  const frame = Buffer.alloc(mpegFrameBytes(start, 0))
  start.copy(frame)
  tail.copy(frame, frame.length - tail.length)
  return frame
}

/** The header of the shortest frame of at least `bytes` bytes that goes with `model`, without a checksum. */
function smallestHeader(model: Buffer, bytes: number): Buffer | undefined {
  const header = Buffer.from(model.subarray(0, MPEG_HEADER_BYTES))
  header.writeUInt8((model[1] ?? 0) | 0x01, 1)
  // The mode extension says how this frame's channels are joined; silence needs none of it.
  header.writeUInt8((model[3] ?? 0) & 0xcf, 3)
  for (let sizes = 2; sizes < 30; sizes++) {
    const bitRateIndex = sizes >> 1
    const padding = sizes & 1
    header.writeUInt8((bitRateIndex << 4) | ((model[2] ?? 0) & 0x0d) | (padding << 1), 2)
    if (mpegFrameBytes(header, 0) >= bytes) return header
  }
  return undefined
}
