/** Observes the connections of the players. */
export interface ConnectionWatch {
  began(): void
  /** Sound has started, for the first time or again. */
  playing(): void
  lost(): void
}

/** Why an endless response does not play. `cut`: it ends again and again. `held-up`: nothing arrives. */
export type HttpFailure = 'cut' | 'held-up'

/** Number of connections that are cut, the time within which they are, and after which duration each, in milliseconds. */
const CUTS = 3
const WITHIN_MS = 120_000
const SHORT_MS = 60_000
/** Number of connections without sound, and duration of each, in milliseconds: one that is refused ends sooner. */
const SILENCES = 2
const SILENT_MS = 5_000

/** Detects networks and proxies that let no endless response pass. */
export class CutWatch implements ConnectionWatch {
  readonly #failed: (failure: HttpFailure) => void
  readonly #now: () => number
  #beganAt = 0
  #hasSounded = false
  /** When sound was cut. */
  #cuts: number[] = []
  #silences = 0

  /** @param failed called with each loss from which on HTTP is known to fail. */
  constructor(failed: (failure: HttpFailure) => void, now = () => performance.now()) {
    this.#failed = failed
    this.#now = now
  }

  began(): void {
    this.#beganAt = this.#now()
    this.#hasSounded = false
  }

  playing(): void {
    this.#hasSounded = true
    this.#silences = 0
  }

  lost(): void {
    const now = this.#now()
    const lastedMs = now - this.#beganAt
    this.#cuts = this.#cuts.filter((at) => at > now - WITHIN_MS)
    if (this.#hasSounded && lastedMs < SHORT_MS) this.#cuts.push(now)
    if (!this.#hasSounded && lastedMs >= SILENT_MS) this.#silences++
    if (this.#cuts.length >= CUTS) this.#failed('cut')
    else if (this.#silences >= SILENCES) this.#failed('held-up')
  }
}
