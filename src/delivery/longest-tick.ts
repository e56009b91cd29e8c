import type { ServedStream } from '../stream/served-stream.ts'
import { ENOUGH_MS } from './burst.ts'

/** So many bytes make a large write: they do not wait for more. */
export const LARGE_WRITE_BYTES = 64 * 1024

/** Where nothing is said: a burst hides a longer wait, raw bytes have none. In milliseconds. */
const WITH_BURST_MS = 500
const WITHOUT_MS = 100
const US_PER_MS = 1000

/** How a stream's frames may wait; see `DeliveryPolicy`. */
interface Waiting {
  readonly maxDelayMs: number | undefined
  readonly burstMs: number | undefined
}

/**
 * How long frames may wait to be written together, in milliseconds: as long as the policy says, but no longer than a quarter of
 * what listeners begin with or of what the ring holds, and not for more than makes a large write.
 */
export function longestTick({ ring, isRaw }: Pick<ServedStream, 'ring' | 'isRaw'>, policy: Waiting): number {
  const burstMs = policy.burstMs ?? (isRaw ? 0 : ENOUGH_MS)
  const wished = policy.maxDelayMs ?? (burstMs > 0 ? WITH_BURST_MS : WITHOUT_MS)
  const ofBurst = burstMs > 0 ? burstMs / 4 : Number.POSITIVE_INFINITY
  if (ring.us === 0) return Math.min(wished, ofBurst)
  const ringMs = ring.us / US_PER_MS
  return Math.min(wished, ofBurst, ringMs / 4, (ringMs * LARGE_WRITE_BYTES) / ring.bytes)
}
