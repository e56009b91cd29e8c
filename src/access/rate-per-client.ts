import type { Clock } from '../system/clock.ts'

/** Limits the rate at which each client may request something expensive: one token bucket per client. */
export interface RatePerClient {
  /** @param client see `networkOf`. @returns false when the limit is exceeded */
  take(client: string): boolean
}

/** Maximum number of clients that are remembered. The least recent one is dropped, and later begins with a full bucket. */
const MOST_CLIENTS = 1_000

interface Bucket {
  readonly left: number
  readonly at: number
}

/** @param burst number of requests that a client may make at once after a pause. */
export function createRatePerClient(perSecond: number, burst: number, clock: Clock): RatePerClient {
  const buckets = new Map<string, Bucket>()
  return {
    take(client) {
      const at = clock.now()
      const before = buckets.get(client) ?? { left: burst, at }
      const left = Math.min(burst, before.left + ((at - before.at) * perSecond) / 1000)
      const isAllowed = left >= 1
      buckets.delete(client)
      buckets.set(client, { left: isAllowed ? left - 1 : left, at })
      const [oldest] = buckets.keys()
      if (buckets.size > MOST_CLIENTS && oldest !== undefined) buckets.delete(oldest)
      return isAllowed
    },
  }
}
