/**
 * Listens to a sine, and notes where it is not one: a missing or repeated frame, a frame of silence, another tone. It also runs in a
 * browser as text, so it uses nothing from outside.
 */
export class ToneMeter {
  /** Samples that were heard, from the first sound on. */
  samples = 0
  /** Positions of faults, in seconds; one at most in 100 ms. */
  readonly faults: number[] = []
  readonly #rate: number
  readonly #factor: number
  /** The last two samples. */
  #last = 0
  #lastButOne = 0
  /** Average of the peaks of the pieces of 5 ms before, and the peak of the current one. */
  #level = 0
  #peak = 0

  /** @param rate of the samples, in Hz @param hz frequency of the tone */
  constructor(rate: number, hz: number) {
    this.#rate = rate
    this.#factor = 2 * Math.cos((2 * Math.PI * hz) / rate)
  }

  /** Takes the next samples of one channel. */
  push(samples: Float32Array): void {
    for (const sample of samples) {
      if (this.samples > 0 || Math.abs(sample) > 0.05) this.#take(sample)
    }
  }

  #take(sample: number): void {
    this.samples++
    // A sine follows from its last two samples.
    const residue = Math.abs(sample - this.#factor * this.#last + this.#lastButOne)
    this.#lastButOne = this.#last
    this.#last = sample
    const isSettled = this.samples > this.#rate / 5
    if (residue > 0.02 && isSettled) this.#note()
    this.#peak = Math.max(this.#peak, Math.abs(sample))
    if (this.samples % Math.round(this.#rate / 200) !== 0) return
    if (this.#peak < this.#level / 2 && isSettled) this.#note()
    this.#level += (this.#peak - this.#level) / 20
    this.#peak = 0
  }

  #note(): void {
    const seconds = this.samples / this.#rate
    if (seconds - (this.faults.at(-1) ?? Number.NEGATIVE_INFINITY) > 0.1) this.faults.push(seconds)
  }
}
