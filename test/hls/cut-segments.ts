import type { CreateFilter, Frame, FrameFilter, RingView } from '../../filters/frame-filter.ts'
import type { SegmentFrames, TimedTitle } from '../../src/hls/packaging.ts'
import { cut, runFilter } from '../filters/run-filter.ts'

/** Frames of an epoch, and how to join at one of them. */
export interface Frames {
  readonly filter: FrameFilter
  readonly frames: readonly Frame[]
  /** Bytes that a listener gets who joins at a frame. */
  readonly preamble: (at: number) => Buffer
}

/** Segment of frames, with its number and duration. */
export interface CutSegment extends SegmentFrames {
  readonly number: number
  readonly durationUs: number
}

/** Cuts a stream into frames. @param sizes of the chunks in which it arrives, in bytes; none: it arrives at once */
export function framesOf(create: CreateFilter, bytes: Buffer, sizes: readonly number[] = []): Frames {
  const { filter, frames } = runFilter(create, sizes.length === 0 ? [bytes] : cut(bytes, sizes))
  const ring: RingView = { first: 0, next: frames.length, at: (seq) => frames[seq] }
  return { filter, frames, preamble: (at) => filter.preamble?.(at, ring, true) ?? Buffer.alloc(0) }
}

/** Puts frames into segments: number N has those whose first sample is in [N·T, (N+1)·T). */
export function cutSegments(
  { frames, preamble }: Frames,
  segmentMs: number,
  titles: readonly TimedTitle[] = [],
): CutSegment[] {
  const segments: (CutSegment & { durationUs: number; frames: Buffer[]; titles: TimedTitle[] })[] = []
  let us = 0
  for (const [at, frame] of frames.entries()) {
    const number = Math.floor((us + 0.5) / (segmentMs * 1000))
    let segment = segments.at(-1)
    if (segment?.number !== number) {
      segment = { number, us, durationUs: 0, frames: [], preamble: preamble(at), titles: currentTitle(us, titles) }
      segments.push(segment)
    }
    segment.frames.push(frame.bytes)
    us += frame.durationUs
    segment.durationUs = us - segment.us
  }
  for (const segment of segments) {
    const end = segment.us + segment.durationUs
    segment.titles.push(...titles.filter(({ us }) => us > segment.us && us < end))
  }
  return segments
}

function currentTitle(us: number, titles: readonly TimedTitle[]): TimedTitle[] {
  const current = titles.findLast((title) => title.us <= us)
  return current === undefined ? [] : [{ us, text: current.text }]
}
