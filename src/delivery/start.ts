import type { DeliveryPlan } from '../plan/stream-plan.ts'
import { type Burst, startOf } from '../ring/cursor.ts'
import type { ServedStream, StreamPast } from '../stream/served-stream.ts'
import { burstOf } from './burst.ts'
import { positionsOf } from './positions.ts'

/** Start position that a listener requests. */
export interface Start {
  /**
   * Number of the first frame for clients, see `ServedStream.seqShift`: of one that has left the ring, the oldest; of the frame after the newest, that one once it is
   * there. Ignored when it is further ahead, because such a number is of another run of the program.
   */
  readonly frame?: number | undefined
  /** Age of the first frame, in milliseconds, limited by the ring; undefined: see `frame`. */
  readonly agoMs?: number | undefined
  /** Distance from the newest frame, in milliseconds, limited by the ring; undefined: as in the policy. */
  readonly burstMs?: number | undefined
  /** The frames, raw or not, are for a player, which starts sooner with a burst. */
  readonly forPlayer?: boolean
}

/** Start position of a listener. */
export interface Place {
  /** Number of its first frame. */
  readonly frame: number
  /** Sound that it receives at once, in microseconds, if it then stays behind the head; undefined: it does not. */
  readonly leadUs?: number
}

/** Sound within which a listener that requests a frame receives all of it at once, in microseconds: each ring has that. */
const NEAR_US = 10_000_000
/** Minimum of what a listener behind the head receives at once, in microseconds: it gets more about once a second. */
const LEAST_LEAD_US = 1_000_000

/**
 * Returns the place of a listener.
 * @param head the first frame that no round has written yet: a burst ends there, because the next round writes the rest
 * @param now in milliseconds of the clock
 */
export function placeOf(start: Start, stream: ServedStream, policy: DeliveryPlan, head: number, now: number): Place {
  const { ring, isRaw, joinFrom, past } = stream
  const { burstMs, forPlayer = false } = start
  const burst = burstOf(burstMs ?? policy.burstMs ?? (isRaw && !forPlayer ? 0 : undefined))
  const oldest = Math.max(ring.first, joinFrom)
  const frame = requestedFrame(start, stream, now)
  if (frame === undefined) return { frame: Math.max(oldest, Math.min(startOf(ring, burst, joinFrom), head)) }
  if (past === undefined) return { frame: Math.max(oldest, frame) }
  const leadUs = leadOf(frame, stream, past, burst, start.agoMs === undefined ? NEAR_US : 0)
  return leadUs === undefined ? { frame } : { frame, leadUs }
}

/** Returns the frame of the ring that a listener requests; undefined: none. */
export function requestedFrame(
  { frame, agoMs }: Start,
  { ring, past, seqShift }: ServedStream,
  now: number,
): number | undefined {
  if (agoMs !== undefined && past !== undefined) return past.timeline.seqAt(now - agoMs)
  const own = frame === undefined ? Number.POSITIVE_INFINITY : frame - seqShift
  return own > ring.next ? undefined : Math.max(ring.first, own)
}

/** @returns the sound that a listener receives at once; undefined: all up to the head */
function leadOf(
  frame: number,
  { ring, joinFrom }: ServedStream,
  past: StreamPast,
  burst: Burst,
  nearUs: number,
): number | undefined {
  const { positionOf } = positionsOf(ring, past.timeline)
  const from = positionOf(frame)
  let [seq, bytes, us] = [frame, 0, 0]
  while (seq < ring.next && (us < burst.us || (bytes < burst.bytes && us < burst.mostUs))) {
    bytes += ring.at(seq)?.bytes.length ?? 0
    us = positionOf(++seq) - from
  }
  const isNear = seq === ring.next || positionOf(ring.next) - from <= nearUs
  return isNear && frame >= joinFrom ? undefined : Math.max(LEAST_LEAD_US, us)
}

/**
 * Whether the first frames of a stream are still awaited, and will be those of the last seconds: a hub has kept them, so that an edge
 * has a burst at once. All of them would be more than a burst.
 */
export function awaitsPast({ plan, ring }: ServedStream): boolean {
  return plan.sources[0]?.kind === 'hub' && ring.first === ring.next
}
