import type { RingView } from '../../filters/frame-filter.ts'
import type { ServedStream } from '../stream/served-stream.ts'
import type { Listener } from './listener.ts'

/** Moves a listener that was lapped by the ring to the newest frame, and counts the frames it misses. */
export function skipToNewest(listener: Listener, ring: RingView): void {
  const newest = ring.next - 1
  if (listener.needs === 'nothing') {
    listener.needs = 'preamble'
    listener.missedFrom = listener.cursor
  }
  if (listener.needs === 'preamble') listener.framesSkipped += newest - listener.cursor
  listener.cursor = newest
}

/**
 * Moves a listener that needs something before its next frame to the first frame before `end` at which it can start.
 * @returns the bytes to send before that frame; undefined when no such frame exists or is known yet.
 */
export function beginAtNext(
  listener: Listener,
  stream: Pick<ServedStream, 'preamble' | 'header'>,
  end: number,
): Buffer | undefined {
  const joining = listener.needs === 'start'
  for (; listener.cursor < end; listener.cursor++) {
    const preamble = stream.preamble(listener.cursor, joining, listener.missedFrom)
    if (preamble === undefined) return undefined
    if (preamble !== null) {
      listener.needs = 'nothing'
      return joining && stream.header.length > 0 ? Buffer.concat([stream.header, preamble]) : preamble
    }
    if (!joining) listener.framesSkipped++
  }
  return undefined
}
