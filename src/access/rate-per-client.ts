import type { Clock } from '../system/clock.ts'
import { TokenBucket } from '../text/token-bucket.ts'
import { remember } from './remember.ts'

/** Limits the rate at which each client may request something expensive: one token bucket per client. */
export interface RatePerClient {
  /** @param client see `networkOf`. @returns false when the limit is exceeded */
  take(client: string): boolean
}

/** Maximum number of clients that are remembered. The least recent one is dropped, and later begins with a full bucket. */
const MAX_CLIENTS = 1_000

/** @param burst number of requests that a client may make at once after a pause. */
export function createRatePerClient(perSecond: number, burst: number, clock: Clock): RatePerClient {
  const buckets = new Map<string, TokenBucket>()
  return {
    take(client) {
      const bucket = buckets.get(client) ?? new TokenBucket(perSecond, burst)
      remember(buckets, client, bucket, MAX_CLIENTS)
      return bucket.take(1, clock.now())
    },
  }
}
