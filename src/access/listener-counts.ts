import type { AccessPlan } from '../plan/stream-plan.ts'
import type { RefusalCause } from './refusal-counts.ts'

/** Limit that a further listener would exceed. */
export type ExceededLimit = Extract<RefusalCause, 'listeners' | 'listeners per address' | 'connections per user'>

/** Listeners of one stream, in all threads. */
export class ListenerCounts {
  readonly #ofNetworks = new Map<string, number>()
  readonly #ofUsers = new Map<string, number>()
  #all = 0

  /**
   * Returns the limit that one more listener would exceed.
   * @param present listeners, with those that came before there was a limit, and without those that have not joined yet
   * @param network see `networkOf` @param user undefined: it has not logged in
   */
  exceeded(limits: AccessPlan, present: number, network: string, user: string | undefined): ExceededLimit | undefined {
    const { maxListeners, maxPerAddress, maxPerUser } = limits
    if (isReached(maxListeners, Math.max(this.#all, present))) return 'listeners'
    if (isReached(maxPerAddress, this.#ofNetworks.get(network))) return 'listeners per address'
    return user !== undefined && isReached(maxPerUser, this.#ofUsers.get(user)) ? 'connections per user' : undefined
  }

  /** Adds a listener, or removes one that was added. */
  count(by: 1 | -1, network: string, user: string | undefined): void {
    this.#all += by
    countIn(this.#ofNetworks, network, by)
    if (user !== undefined) countIn(this.#ofUsers, user, by)
  }
}

/** @param limit 0: unlimited */
function isReached(limit: number, count = 0): boolean {
  return limit > 0 && count >= limit
}

function countIn(counts: Map<string, number>, key: string, by: 1 | -1): void {
  const count = (counts.get(key) ?? 0) + by
  if (count === 0) counts.delete(key)
  else counts.set(key, count)
}
