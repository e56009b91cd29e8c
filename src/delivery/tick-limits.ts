import type { ServedStream } from '../stream/served-stream.ts'
import { ENOUGH_MS } from './burst.ts'

/** Size of a large write, in bytes: frames of this total size are not held back for more. */
export const LARGE_WRITE_BYTES = 64 * 1024

/** Defaults, in milliseconds: a burst hides a longer wait, raw bytes have none. */
const WITH_BURST_MS = 500
const WITHOUT_MS = 100
/** Part of the burst that may pass between two rounds without load: 250 ms by default. */
const REST_PART = 1 / 8
const US_PER_MS = 1000

/** Settings that limit how long frames wait; see `DeliveryPlan`. */
interface Waiting {
  readonly maxDelayMs: number | undefined
  readonly burstMs: number | undefined
}

/**
 * Returns how long frames may wait to be written together, in milliseconds: as long as the policy allows, but at most a quarter
 * of the burst or of the ring's duration, and no longer than it takes to fill a large write.
 */
export function longestTick({ ring, isRaw }: Pick<ServedStream, 'ring' | 'isRaw'>, policy: Waiting): number {
  const burstMs = usualBurst(isRaw, policy)
  const wished = policy.maxDelayMs ?? (burstMs > 0 ? WITH_BURST_MS : WITHOUT_MS)
  const ofBurst = burstMs > 0 ? burstMs / 4 : Number.POSITIVE_INFINITY
  if (ring.us === 0) return Math.min(wished, ofBurst)
  const ringMs = ring.us / US_PER_MS
  return Math.min(wished, ofBurst, ringMs / 4, (ringMs * LARGE_WRITE_BYTES) / ring.bytes)
}

/**
 * Returns the time between two rounds without load, in milliseconds: what listeners with a burst gain from frames that leave at once is
 * nothing, and each round costs about as much as a hundred writes. Until the ring has a whole burst it is shorter, because listeners
 * have less then; 0: frames are written as they arrive.
 */
export function shortestTick({ ring, isRaw }: Pick<ServedStream, 'ring' | 'isRaw'>, policy: Waiting): number {
  return Math.min(usualBurst(isRaw, policy), ring.us / US_PER_MS) * REST_PART
}

/** Whether a listener with a burst of its own must not wait for rounds without load. @param burstMs undefined: it has the usual one */
export function isHurried(burstMs: number | undefined, isRaw: boolean, policy: Waiting): boolean {
  return burstMs !== undefined && burstMs < usualBurst(isRaw, policy) / 2
}

/** Returns the burst of most listeners, in milliseconds. */
function usualBurst(isRaw: boolean, { burstMs }: Waiting): number {
  return burstMs ?? (isRaw ? 0 : ENOUGH_MS)
}
