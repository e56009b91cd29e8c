import type { RingView } from '../frame-filter.ts'
import { mpegFrameBytes } from './header.ts'
import { isLayer3, mainDataAt, mainDataBegin } from './layer-3.ts'
import { silentFrameEndingIn } from './silence.ts'

/**
 * Lead-in for listeners that start at a Layer III frame. Such a listener lacks the main data that the frame keeps in
 * earlier frames. A silent frame that contains only these bytes puts them where the decoder looks for them; after it the
 * stream is sent unchanged. So joining costs one frame of silence, and decoders report no error. Main data that is missing
 * in the stream itself is handled before frames are emitted (see reservoir.ts).
 */

const NOTHING = Buffer.alloc(0)

/**
 * Returns the bytes to send before frame `at` to a listener that did not receive the frame before it.
 * @returns an empty buffer if no main data is missing; null if the bytes are not in the ring any more.
 */
export function leadIn(at: number, ring: RingView): Buffer | null {
  const frame = layer3At(at, ring)
  const missing = frame === undefined ? 0 : mainDataBegin(frame)
  if (frame === undefined || missing === 0) return NOTHING
  const tail = mainDataBefore(at, ring, missing)
  if (tail !== undefined) return silentFrameEndingIn(frame, tail)
  // The ring holds too little before this frame. The newest frame is sent without a lead-in; otherwise no listener could
  // join with a small ring.
  return at + 1 < ring.next ? null : NOTHING
}

/** Returns the last `bytes` bytes of main data before frame `at`; undefined if the ring does not hold all of them. */
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

/** Returns the frame with this number if it is a Layer III frame: another filter may have filled the ring before. */
function layer3At(seq: number, ring: RingView): Buffer | undefined {
  const bytes = ring.at(seq)?.bytes
  return bytes !== undefined && isLayer3(bytes) && mpegFrameBytes(bytes, 0) === bytes.length ? bytes : undefined
}
