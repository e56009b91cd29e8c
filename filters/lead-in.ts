import type { RingView } from './frame-filter.ts'
import { isLayer3, mainDataAt, mainDataBegin } from './layer-3.ts'
import { mpegFrameBytes } from './mpeg-header.ts'
import { silentFrameEndingIn } from './silent-mpeg.ts'

/**
 * Whoever begins at a frame of Layer III lacks the main data that the frame keeps in those before it. A silent frame made of
 * nothing but these bytes puts them where the decoder looks for them; after it the stream goes out as it is. So a join costs
 * one frame of silence, and no decoder finds anything wrong. What frames lack because the stream itself lacks it is made up for
 * in the stream (see reservoir.ts).
 */

const NOTHING = Buffer.alloc(0)

/**
 * What must go out before frame `at` to someone who did not get the one before it.
 * @returns nothing where nothing is missing; null when the bytes are not in the ring any more.
 */
export function leadIn(at: number, ring: RingView): Buffer | null {
  const frame = layer3At(at, ring)
  const missing = frame === undefined ? 0 : mainDataBegin(frame)
  if (frame === undefined || missing === 0) return NOTHING
  const tail = mainDataBefore(at, ring, missing)
  if (tail !== undefined) return silentFrameEndingIn(frame, tail)
  // The ring holds too little before this frame. The newest frame is taken as it is, or a small ring would let nobody in.
  return at + 1 < ring.next ? null : NOTHING
}

/** The last `bytes` bytes of main data before frame `at`; undefined when the ring has not got them all. */
function mainDataBefore(at: number, ring: RingView, bytes: number): Buffer | undefined {
  const tail = Buffer.allocUnsafe(bytes)
  let missing = bytes
  for (let seq = at - 1; missing > 0; seq--) {
    const frame = layer3At(seq, ring)
    if (frame === undefined) return undefined
    const part = frame.subarray(Math.max(mainDataAt(frame), frame.length - missing))
    missing -= part.copy(tail, missing - part.length)
  }
  return tail
}

/** The frame with this number, if it is one of Layer III: other filters may have filled the ring before. */
function layer3At(seq: number, ring: RingView): Buffer | undefined {
  const bytes = ring.at(seq)?.bytes
  return bytes !== undefined && isLayer3(bytes) && mpegFrameBytes(bytes, 0) === bytes.length ? bytes : undefined
}
