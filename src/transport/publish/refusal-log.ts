import type { Logger } from '@logtape/logtape'
import { createRatePerClient, type RatePerClient } from '../../access/rate-per-client.ts'
import type { CountRefusal } from '../../access/refusal-counts.ts'
import type { Clock } from '../../system/clock.ts'
import { OF_GATE, type Refusal } from './refusals.ts'

/** A request that is refused. */
export interface RefusedRequest {
  readonly kind: 'publisher' | 'title'
  /** Address and port of the client. */
  readonly client: string
  /** See `networkOf`. */
  readonly network: string
  /** Path at which it is to publish; undefined: it has named none. */
  readonly path: string | undefined
  readonly agent: string | undefined
}

/**
 * Number of refusals of one client that are logged at once, and per second later: some programs try again five times a second,
 * without end.
 */
const BURST = 10
const PER_SECOND = 0.1

/** Counts publishers and titles that are refused, and logs why, and what would be right. */
export class RefusalLog {
  readonly #countRefusal: CountRefusal
  readonly #rate: RatePerClient
  readonly #log: Logger

  constructor(countRefusal: CountRefusal, clock: Clock, log: Logger) {
    this.#countRefusal = countRefusal
    this.#rate = createRatePerClient(PER_SECOND, BURST, clock)
    this.#log = log
  }

  add({ kind, client, network, path, agent }: RefusedRequest, refusal: Refusal): void {
    // Many programs send their password only after a first response with status 401.
    if (refusal === OF_GATE.missing) return this.#log.debug('password requested', { client, path, agent })
    this.#countRefusal('publisher')
    if (!this.#rate.take(network)) return
    const { reason, advice } = refusal
    this.#log.warn(kind === 'title' ? 'title refused' : 'publisher refused', { client, path, agent, reason, advice })
  }
}
