import type { ServedStream } from '../stream/served-stream.ts'
import { ENOUGH_MS } from './burst.ts'

/** Size of a large write, in bytes: frames of this total size are not held back for more. */
export const LARGE_WRITE_BYTES = 64 * 1024

/** Defaults, in milliseconds: a burst hides a longer wait, raw bytes have none. */
const WITH_BURST_MS = 500
const WITHOUT_MS = 100
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
  const burstMs = policy.burstMs ?? (isRaw ? 0 : ENOUGH_MS)
  const wished = policy.maxDelayMs ?? (burstMs > 0 ? WITH_BURST_MS : WITHOUT_MS)
  const ofBurst = burstMs > 0 ? burstMs / 4 : Number.POSITIVE_INFINITY
  if (ring.us === 0) return Math.min(wished, ofBurst)
  const ringMs = ring.us / US_PER_MS
  return Math.min(wished, ofBurst, ringMs / 4, (ringMs * LARGE_WRITE_BYTES) / ring.bytes)
}
