/** Hot path in the audio thread. */

/** Number of input samples on either side that an output sample is computed from; more for a lower output rate. */
const WING = 16
/** Number of positions between two input samples with a computed filter; linear interpolation between them. */
const PHASES = 256
/** Maximum number of output frames at once: a render quantum (Web Audio API, section 1.1). */
const QUANTUM = 128
const MOST_SPEED = 1.05

/** Writes the next `count` frames of the input into `out`, one array per channel, from `at` on. */
export type PullFrames = (out: readonly Float32Array[], at: number, count: number) => void

/**
 * Plays samples at another rate, which may change slightly at any time: band-limited interpolation by a windowed sinc
 * (J. O. Smith, "Digital Audio Resampling"). At a ratio of exactly 1, samples are unchanged.
 */
export class Varispeed {
  readonly #pull: PullFrames
  readonly #ratio: number
  readonly #wing: number
  readonly #table: Float32Array
  /** `#held` frames of input around `#place`, the position that is played next. */
  readonly #input: Float32Array[]
  #held: number
  #place: number

  /** @param ratio rate of the input divided by that of the output */
  constructor(pull: PullFrames, channels: number, ratio: number) {
    this.#pull = pull
    this.#ratio = ratio
    const cutoff = Math.min(1, 1 / ratio)
    this.#wing = Math.ceil(WING / cutoff)
    this.#table = tableOf(this.#wing, cutoff)
    const room = 2 * this.#wing + Math.ceil(QUANTUM * ratio * MOST_SPEED) + 2
    this.#input = Array.from({ length: channels }, () => new Float32Array(room))
    // Silence precedes the first frame.
    this.#held = this.#wing
    this.#place = this.#wing
  }

  /** Fills `out`, one array of at most 128 samples per channel. @param speed factor on the ratio; 1.01: 1 % faster */
  read(out: readonly Float32Array[], speed: number): void {
    const frames = out[0]?.length ?? 0
    const step = this.#ratio * speed
    this.#forgetPast()
    this.#hold(Math.floor(this.#place + step * (frames - 1)) + this.#wing + 1)
    for (let c = 0; c < out.length; c++) {
      const input = this.#input[c]
      const channel = out[c]
      if (input === undefined || channel === undefined) continue
      for (let at = 0; at < frames; at++) channel[at] = this.#sample(input, this.#place + at * step)
    }
    this.#place += frames * step
  }

  /** Computes the sample at a fractional position from the `wing` samples before it and the `wing` behind it. */
  #sample(input: Float32Array, place: number): number {
    const base = Math.floor(place)
    const taps = 2 * this.#wing
    const between = (place - base) * PHASES
    const phase = Math.floor(between)
    const mix = between - phase
    let row = phase * taps
    let sum = 0
    for (let at = base - this.#wing + 1; at <= base + this.#wing; at++, row++) {
      const here = this.#table[row] ?? 0
      sum += (input[at] ?? 0) * (here + mix * ((this.#table[row + taps] ?? 0) - here))
    }
    return sum
  }

  #forgetPast(): void {
    const past = Math.floor(this.#place) - this.#wing
    if (past <= 0) return
    for (const input of this.#input) input.copyWithin(0, past, this.#held)
    this.#held -= past
    this.#place -= past
  }

  #hold(frames: number): void {
    if (frames <= this.#held) return
    this.#pull(this.#input, this.#held, frames - this.#held)
    this.#held = frames
  }
}

/** Returns a row of taps for each phase, and one more to interpolate to from the last. */
function tableOf(wing: number, cutoff: number): Float32Array {
  const taps = 2 * wing
  const table = new Float32Array((PHASES + 1) * taps)
  for (let phase = 0; phase <= PHASES; phase++) {
    for (let tap = 0; tap < taps; tap++) {
      const away = tap - (wing - 1) - phase / PHASES
      table[phase * taps + tap] = cutoff * sinc(away * cutoff) * blackman(away / wing)
    }
  }
  return table
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
}

/** Blackman window from -1 to 1; 0 beyond. */
function blackman(x: number): number {
  return Math.abs(x) >= 1 ? 0 : 0.42 + 0.5 * Math.cos(Math.PI * x) + 0.08 * Math.cos(2 * Math.PI * x)
}
