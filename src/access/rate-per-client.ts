import type { Clock } from '../system/clock.ts'

/** Bounds how often each client may have something that costs time: a token bucket for each. */
export interface RatePerClient {
  /** @param client see `networkOf`. @returns false when it is too often */
  take(client: string): boolean
}

/** Maximum number of clients that are remembered; the one whose last time is longest ago is forgotten, and begins with a full bucket. */
const MOST_CLIENTS = 1_000

interface Bucket {
  readonly left: number
  readonly at: number
}

/** @param burst number of times that a client may take at once after a pause. */
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
