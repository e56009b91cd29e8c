/** Cost of a listener's first frame besides the frame. */

import type { CreateFilter, Frame } from '../filters/frame-filter.ts'
import { ELASTIC_SIZE, Ring } from '../src/ring/ring.ts'
import { DEFAULTS } from './filter-speed.ts'
import { median, quantile } from './statistics.ts'

/** Cost of joins. */
export interface JoinCost {
  /** The first join at a frame, the median over all frames: a filter may cache its result for the next. */
  readonly firstUs: number
  readonly medianUs: number
  readonly p99Us: number
  /** The longest lead-in, in bytes. */
  readonly mostBytes: number
}

const WARM_UP = 5_000

/** Joins at random frames of a ring that is full of the stream. @returns undefined when the stream has no frames. */
export function joinCost(create: CreateFilter, chunks: readonly Buffer[], joins: number): JoinCost | undefined {
  const warm = fullRing(create, chunks)
  for (let i = 0; i < WARM_UP; i++) warm.join(warm.somewhere())
  const { ring, join, somewhere } = fullRing(create, chunks)
  if (ring.next === ring.first) return undefined
  const frames = Array.from({ length: ring.next - ring.first }, (_, i) => ring.first + i)
  const nothingUs = median(frames.map((at) => timed(at, () => undefined)))
  const first = frames.map((at) => timed(at, join) - nothingUs)
  const all = Array.from({ length: joins }, () => timed(somewhere(), join) - nothingUs)
  return {
    firstUs: Math.max(0, median(first)),
    medianUs: Math.max(0, median(all)),
    p99Us: Math.max(0, quantile(all, 0.99)),
    mostBytes: Math.max(...frames.map((at) => join(at)?.length ?? 0)),
  }
}

function fullRing(create: CreateFilter, chunks: readonly Buffer[]) {
  const ring = new Ring(ELASTIC_SIZE)
  const filter = create(DEFAULTS)
  const keep = (frame: Frame) => ring.push(frame)
  for (const chunk of chunks) filter.push(chunk, keep)
  return {
    ring,
    join: (at: number) => filter.preamble?.(at, ring, true),
    somewhere: () => ring.first + Math.floor(Math.random() * (ring.next - ring.first)),
  }
}

/** Duration of a call, in microseconds. */
function timed(at: number, call: (at: number) => unknown): number {
  const startedAt = process.hrtime.bigint()
  call(at)
  return Number(process.hrtime.bigint() - startedAt) / 1000
}
