/** Time in which a burst arrives, in milliseconds: some round trips to a distant server. */
const BURST_MS = 1_000

/**
 * Simulates the buffer of a player that begins with the first whole frame. Its lead is the sound that it has received and not
 * played yet; below zero, it would have stopped:
 *
 * ```
 *   lead  burst _/\/\/\/\__      /\/\/\
 *             0            \____/        <- the lowest lead: time that the player stops, or has to begin later
 * ```
 */
export class PlaybackBuffer {
  /** Duration of all sound, in milliseconds. */
  soundMs = 0
  /** Sound that arrived faster than in real time at the beginning, in milliseconds. */
  burstMs = 0
  /** Lowest lead just before sound arrived, in milliseconds; infinite: none has arrived after the first. */
  lowestMs = Number.POSITIVE_INFINITY
  /** Sound and time at the end of the burst, and when the last sound arrived. */
  #burstSoundMs = 0
  #burstAt = 0
  #lastAt = 0
  readonly #beganAt: number

  /** @param beganAt time of the first whole frame, in milliseconds */
  constructor(beganAt: number) {
    this.#beganAt = beganAt
    this.#burstAt = this.#lastAt = beganAt
  }

  /** Adds sound that has arrived. @param at in milliseconds, not before the last sound */
  add(at: number, ms: number): void {
    if (this.soundMs > 0) this.lowestMs = Math.min(this.lowestMs, this.leadAt(at))
    this.soundMs += ms
    this.#lastAt = at
    const lead = this.leadAt(at)
    if (at - this.#beganAt > BURST_MS || lead < this.burstMs) return
    this.burstMs = lead
    this.#burstSoundMs = this.soundMs
    this.#burstAt = at
  }

  /** No more sound arrives up to this time. */
  end(at: number): void {
    this.lowestMs = Math.min(this.lowestMs, this.leadAt(at))
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
}
