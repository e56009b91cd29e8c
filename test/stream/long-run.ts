import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { getLogger } from '@logtape/logtape'
import type { CreateFilter, Frame } from '../../filters/frame-filter.ts'
import { createDeliveries } from '../../src/delivery/deliveries.ts'
import type { Delivery } from '../../src/delivery/delivery.ts'
import { streamOptions } from '../../src/program/stream-options.ts'
import type { Source } from '../../src/source/source.ts'
import { Stream } from '../../src/stream/stream.ts'
import { createManualClock, type ManualClock } from '../manual-clock.ts'
import { streamPlan } from '../plans.ts'

/** Number of hours of a stream that a test runs: one by default, because twelve take half a minute. */
export const HOURS = Number(process.env['STREAMSERVE_TEST_HOURS'] ?? 1)

/** A stream with its delivery, on a clock that the test advances: hours pass in seconds. */
export interface LongRun {
  readonly stream: Stream
  readonly delivery: Delivery
  readonly clock: ManualClock
  /** Totals that have entered the ring. */
  readonly came: { frames: number; bytes: number; us: number }
  /** Maxima that the ring ever held. */
  readonly most: { frames: number; bytes: number; us: number }
}

/** @param flags as on the command line. */
export function beginRun(
  create: CreateFilter,
  sourceBy: (clock: ManualClock) => Source,
  flags: readonly string[] = [],
): LongRun {
  const plan = streamPlan(...flags)
  const clock = createManualClock()
  const source = sourceBy(clock)
  const options = streamOptions(plan, create, source)
  // This log is not stored: it would be counted as growth.
  const stream = new Stream(plan, source, options, clock, getLogger('long run'))
  const delivery = createDeliveries(2 ** 26, clock)(stream)
  const run = {
    stream,
    delivery,
    clock,
    came: { frames: 0, bytes: 0, us: 0 },
    most: { frames: 0, bytes: 0, us: 0 },
  }
  watchRing(run)
  return run
}

function watchRing({ stream: { ring }, came, most }: LongRun): void {
  const push = ring.push.bind(ring)
  ring.push = (frame: Frame) => {
    push(frame)
    came.frames++
    came.bytes += frame.bytes.length
    came.us += frame.durationUs
    most.frames = Math.max(most.frames, ring.next - ring.first)
    most.bytes = Math.max(most.bytes, ring.bytes)
    most.us = Math.max(most.us, ring.us)
  }
}

/** A chunk, and the duration of its sound in milliseconds. */
export interface Piece {
  readonly bytes: Buffer
  readonly ms: number
}

/**
 * A source that yields pieces as time passes, in one opening after another; after the last one it stays unavailable.
 * @param everySecond called with the number of seconds of the stream that have passed. @param ended called at the end of the
 * last opening.
 */
export function flowing(
  openings: Iterable<Iterable<Piece>>,
  clock: ManualClock,
  everySecond: (second: number) => void,
  ended: () => void,
): Source {
  const all = openings[Symbol.iterator]()
  let cameMs = 0
  let second = 0
  async function* flow(pieces: Iterable<Piece>, signal: AbortSignal) {
    for (const { bytes, ms } of pieces) {
      if (signal.aborted) return
      yield bytes
      await clock.advance(ms)
      cameMs += ms
      while (cameMs >= (second + 1) * 1000) everySecond(++second)
    }
    // Advance time until it is opened again.
    void clock.advance(1_000)
  }
  return {
    label: 'a long stream',
    async open(signal) {
      const next = all.next()
      if (next.done !== true) return { about: {}, chunks: flow(next.value, signal) }
      ended()
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('not wanted'))))
    },
  }
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Memory that JavaScript holds after garbage collection, buffers included, in kB. */
export function heldKb(): number {
  collectGarbage()
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return Math.round((heapUsed + external) / 1024)
}

/** Variation of held memory due to data in transit, in kB. */
export const NOISE_KB = 750

/**
 * Growth of held memory from the second to the last third of the time, in kB. The minimum of each third counts. In the first third code is
 * compiled, which takes memory too, the earlier the quicker the machine is.
 */
export function growthKb(held: readonly number[]): number {
  const third = Math.floor(held.length / 3)
  return Math.min(...held.slice(-third)) - Math.min(...held.slice(third, 2 * third))
}
