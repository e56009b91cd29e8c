/** Total time of something that may be the case several times at once, such as a listener who is connected. */
export class TimeTotal {
  #count = 0
  /** Total up to `#at`, in milliseconds. */
  #ms = 0
  #at = 0

  /** One more begins. @param now in milliseconds of the clock, here and below */
  begin(now: number): void {
    this.#ms = this.msAt(now)
    this.#at = now
    this.#count++
  }

  /** One of them ends. */
  end(now: number): void {
    this.#ms = this.msAt(now)
    this.#at = now
    this.#count--
  }

  /** Returns the total of all, in milliseconds. */
  msAt(now: number): number {
    return this.#ms + this.#count * (now - this.#at)
  }
}
