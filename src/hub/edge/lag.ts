import type { Piece } from './piece.ts'

/** Speed at which an earlier lead is forgotten: origins whose clocks differ by less are not slow. */
const FORGOTTEN_PER_MS = 0.02

/**
 * How far an origin is behind the time at which it would send at the speed of sound, as it has done before:
 *
 * ```
 *   position   |        .-- lead, as it was
 *              |     . '
 *              |   /      _ . lag grows: the origin is slow
 *              | /_ . - '
 *              +--------------- time
 * ```
 */
export class Lag {
  #epoch: string | undefined
  /** Position of the newest frame less the time of its arrival, and the best of them, in milliseconds. */
  #lead = 0
  #best = 0
  #at = 0
  #hasSound = false

  /** Takes the newest piece. Pieces of one epoch are taken in order. */
  add({ message, arrivedAt, soundUs }: Piece): void {
    const { epoch, us } = message
    this.#lead = (us + soundUs) / 1000 - arrivedAt
    const best = epoch === this.#epoch ? this.#best - (arrivedAt - this.#at) * FORGOTTEN_PER_MS : this.#lead
    this.#best = Math.max(best, this.#lead)
    this.#epoch = epoch
    this.#at = arrivedAt
    this.#hasSound = soundUs > 0
  }

  /** Returns the lag up to now, in milliseconds; undefined: the durations of its frames are not known. */
  at(now: number): number | undefined {
    if (!this.#hasSound) return undefined
    return this.#best - this.#lead + (now - this.#at)
  }
}
