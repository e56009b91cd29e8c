/** Time in which a burst arrives, in milliseconds: some round trips to a distant server. */
const BURST_MS = 1_000

/**
 * Simulates the buffer of a player that begins with the first whole frame. Its lead is the sound that it has received and not
 * played yet; below zero, it has stopped:
 *
 * ```
 *   lead  burst _/\/\/\/\__      /\/\/\
 *             0            \____/        <- lack: time for which it stops, or by which it has to begin later
 * ```
 */
export class PlaybackBuffer {
  /** Duration of all sound, in milliseconds. */
  soundMs = 0
  /** Greatest lead in the first second, in milliseconds. */
  burstMs = 0
  /** Lowest lead after the burst, just before sound arrived, in milliseconds; infinite: none has arrived since. */
  lowestMs = Number.POSITIVE_INFINITY
  /** Greatest lack, in milliseconds. */
  lackMs = 0
  /** Most sound that has arrived at one time after the burst, in milliseconds. */
  largestMs = 0
  readonly #beganAt: number
  /** Time and sound at the end of the burst, and when the last sound arrived. */
  #burstAt: number
  #burstSoundMs = 0
  #lastAt: number
  /** Sound that has arrived at this time. */
  #nowMs = 0

  /** @param beganAt time of the first whole frame, in milliseconds */
  constructor(beganAt: number) {
    this.#beganAt = this.#burstAt = this.#lastAt = beganAt
  }

  /** Adds sound that has arrived. @param at in milliseconds, not before the last sound */
  add(at: number, ms: number): void {
    if (this.soundMs > 0 && at > this.#lastAt) this.end(at)
    this.#nowMs = (at > this.#lastAt ? 0 : this.#nowMs) + ms
    this.soundMs += ms
    this.#lastAt = at
    if (at - this.#beganAt <= BURST_MS && this.leadAt(at) >= this.burstMs) this.#isBurst(at)
    else this.largestMs = Math.max(this.largestMs, this.#nowMs)
  }

  /** No more sound arrives up to this time. */
  end(at: number): void {
    const lead = this.leadAt(at)
    this.lowestMs = Math.min(this.lowestMs, lead)
    this.lackMs = Math.max(this.lackMs, -lead)
  }

  /** Returns the sound that is left at a time, in milliseconds; below zero: the player has stopped. */
  leadAt(at: number): number {
    return this.soundMs - (at - this.#beganAt)
  }

  /** Time between the burst and the last sound, in milliseconds. */
  get measuredMs(): number {
    return this.#lastAt - this.#burstAt
  }

  /** Sound in this time, in milliseconds. */
  get measuredSoundMs(): number {
    return this.soundMs - this.#burstSoundMs
  }

  #isBurst(at: number): void {
    this.burstMs = this.leadAt(at)
    this.lowestMs = Number.POSITIVE_INFINITY
    this.#burstSoundMs = this.soundMs
    this.#burstAt = at
  }
}
