import type { Clock } from '../../system/clock.ts'
import { remember } from '../remember.ts'

/** Number of wrong passwords of a network within `WINDOW_MS` after which it is refused for `REFUSED_MS`, in milliseconds. */
const MAX_WRONG = 5
const WINDOW_MS = 60_000
const REFUSED_MS = 60_000
/** Maximum number of networks that are remembered: those with the latest wrong passwords. */
const MAX_NETWORKS = 1_000

/** Wrong passwords of a network. */
interface Attempts {
  /** Times of the latest ones, oldest first, in milliseconds of the clock. */
  readonly times: readonly number[]
  /** Time until which the network is refused. */
  readonly refusedUntil: number
}

/** Counts wrong passwords by network, so that guessing one takes too long. */
export class WrongAttempts {
  readonly #clock: Clock
  readonly #known = new Map<string, Attempts>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Whether a network has sent too many. @param network see `networkOf` */
  areTooMany(network: string): boolean {
    return (this.#known.get(network)?.refusedUntil ?? 0) > this.#clock.now()
  }

  /** Counts one. @returns the time for which the network is refused from now on, in milliseconds; undefined: it is not */
  add(network: string): number | undefined {
    const now = this.#clock.now()
    const { times: before, refusedUntil } = this.#known.get(network) ?? { times: [], refusedUntil: 0 }
    const times = [...before.filter((at) => at > now - WINDOW_MS), now]
    const isFull = times.length >= MAX_WRONG
    const attempts = isFull ? { times: [], refusedUntil: now + REFUSED_MS } : { times, refusedUntil }
    remember(this.#known, network, attempts, MAX_NETWORKS)
    return isFull ? REFUSED_MS : undefined
  }
}
