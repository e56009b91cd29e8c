import { Arrivals } from './arrivals.ts'

/** More than the arrivals call for, in seconds. */
const MARGIN_S = 0.01
/** What was held back once is given up so slowly, in seconds a second: no faster than a faster rate can make up for. */
const RELAX = 0.008
/** What comes later than this, in seconds, or twice as late as could be made up for, comes after a pause of the stream. */
const PAUSE_S = 0.5

/** How much is to be held back, by how blocks come: more at once, less little by little. All times are in seconds. */
export class HoldBack {
  /** So much should be here when the quickest block has come. */
  target: number
  readonly #least: number
  readonly #most: number
  readonly #arrivals = new Arrivals()
  #notedAt: number | undefined

  constructor(least: number, most: number, first: number) {
    this.#least = least
    this.#most = most
    this.target = first
  }

  /** When the end of what has come would be heard now, if nothing were held back; infinite: nothing is known. */
  get earliest(): number {
    return this.#arrivals.earliest
  }

  /** A block has come. @param start when it begins in the stream @param end when it ends there */
  note(start: number, end: number, now: number): void {
    this.#arrivals.note(start, end, now)
    if (this.#arrivals.spread > Math.max(PAUSE_S, 2 * this.#most)) {
      this.#arrivals.forget()
      this.#arrivals.note(start, end, now)
    }
    const wanted = Math.min(this.#most, Math.max(this.#least, this.#arrivals.spread + MARGIN_S))
    this.target = Math.max(wanted, this.target - RELAX * (now - (this.#notedAt ?? now)))
    this.#notedAt = now
  }

  /** What comes from now on may be later, or in time again. */
  forget(): void {
    this.#arrivals.forget()
  }
}
