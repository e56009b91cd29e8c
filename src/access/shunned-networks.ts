import type { Clock } from '../system/clock.ts'
import { TokenBucket } from '../text/token-bucket.ts'
import { networkOf } from './address.ts'
import { remember } from './remember.ts'

/**
 * Rate at which a network that has offered too many wrong passwords is still read, in connections per second: enough for the players of
 * a household, which try again each second. Reading and answering 1,000 a second would take a fifth of a core.
 */
const PER_SECOND = 10
const BURST = 20
/** Maximum number of networks; see `WrongAttempts`. */
const MAX_NETWORKS = 1_000

/** A network, and its connections until a time. */
interface Shunned {
  /** In milliseconds of the clock. */
  readonly until: number
  readonly connections: TokenBucket
}

/** Networks that have offered too many wrong passwords: what they connect with beyond a rate is closed without being read. */
export class ShunnedNetworks {
  readonly #clock: Clock
  readonly #known = new Map<string, Shunned>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @param network see `networkOf` @param forMs time for which it is shunned, in milliseconds */
  add(network: string, forMs: number): void {
    const until = this.#clock.now() + forMs
    remember(this.#known, network, { until, connections: new TokenBucket(PER_SECOND, BURST) }, MAX_NETWORKS)
  }

  /** Whether a connection is to be closed. @param addressOf returns the address of the peer */
  refuses(addressOf: () => string): boolean {
    if (this.#known.size === 0) return false
    const network = networkOf(addressOf())
    const shunned = this.#known.get(network)
    if (shunned === undefined) return false
    const now = this.#clock.now()
    if (now < shunned.until) return !shunned.connections.take(1, now)
    this.#known.delete(network)
    return false
  }
}
