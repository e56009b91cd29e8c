import type { RingView } from '../../filters/frame-filter.ts'
import type { Numbering } from '../../filters/numbering.ts'

/** Consecutive frames as one Buffer, for listeners at frame `from`. */
export interface Batch {
  readonly from: number
  /** The number of the first frame after the batch. */
  readonly to: number
  readonly bytes: Buffer
  /** The same bytes, frame by frame. */
  readonly frames: readonly Buffer[]
  /** The frame number that must follow; 0 where frames have no numbers. */
  readonly nextNumber: number
}

/**
 * Joins frames `from` up to (not including) `to` into one Buffer, of at most about `maxBytes` bytes but at least one frame.
 * Frames that are adjacent in memory, as those of one chunk are, are not copied: the batch is a view of the same chunk.
 * @param numbering undefined where frames have no numbers.
 */
export function gather(ring: RingView, from: number, to: number, maxBytes: number, numbering?: Numbering): Batch {
  const frames: Buffer[] = []
  let bytes = 0
  let adjacent = true
  let seq = from
  for (; seq < to; seq++) {
    const frame = ring.at(seq)?.bytes
    if (frame === undefined || (bytes > 0 && bytes + frame.length > maxBytes)) break
    const last = frames.at(-1)
    if (last !== undefined)
      adjacent &&= last.buffer === frame.buffer && last.byteOffset + last.length === frame.byteOffset
    frames.push(frame)
    bytes += frame.length
  }
  const last = frames.at(-1)
  const nextNumber = numbering === undefined || last === undefined ? 0 : numbering.after(last)
  return { from, to: seq, bytes: adjacent ? viewOf(frames, bytes) : Buffer.concat(frames, bytes), frames, nextNumber }
}

function viewOf(frames: readonly Buffer[], bytes: number): Buffer {
  const first = frames[0]
  return first === undefined ? Buffer.alloc(0) : Buffer.from(first.buffer, first.byteOffset, bytes)
}

/** Returns the end of the fewest frames from `from` on, but not past `to`, that hold at least `bytes` bytes. */
export function framesFor(ring: RingView, from: number, to: number, bytes: number): number {
  let seq = from
  for (let held = 0; seq < to && held < bytes; seq++) held += ring.at(seq)?.bytes.length ?? 0
  return seq
}
