/** Hot path in the audio thread: plain numbers, and no allocation during playback. */

import { FadingReader } from './fading-reader.ts'
import { SampleStore } from './sample-store.ts'
import { TargetDelay } from './target-delay.ts'

/** Options of a jitter buffer. */
export interface JitterBufferOptions {
  /** Sample rate of the blocks, in Hz. */
  readonly rate: number
  readonly channels: number
  /** Minimum, maximum and initial delay, in milliseconds. */
  readonly leastMs: number
  readonly mostMs: number
  readonly firstMs: number
}

/** Time in which a wrong delay is corrected, in seconds, and the maximum change of the rate for it. */
const SETTLE_S = 2
const MOST_CHANGE = 0.01
/** Excess delay from which sound is skipped, in seconds; it follows only from a stall that was audible anyway. */
const FAR_S = 0.1
/** Duration of fades at edges, in seconds: inaudible, but prevents clicks. */
const FADE_S = 0.005
/** Maximum gap, in seconds; a longer one starts another stream. */
const LONGEST_GAP_S = 1
/** Capacity beyond the maximum delay, in seconds. */
const ROOM_S = 8

/**
 * Delays blocks as their jitter requires, so that there is always sound to play.
 *
 *      stream    . . [ played ][   buffered   ]
 *                              ^ place        ^ end      target: sound to have buffered when the fastest block has arrived
 *
 * `speed` returns the playback speed that reaches the target and corrects the drift of the two clocks. The caller passes the
 * time, so that this class needs no clock.
 */
export class JitterBuffer {
  late = 0
  underruns = 0
  gaps = 0
  jumps = 0
  isPlaying = false
  /** Number of frames of blocks that were pulled. */
  played = 0
  readonly #rate: number
  readonly #channels: number
  readonly #delay: TargetDelay
  readonly #store: SampleStore
  readonly #reader: FadingReader
  #isFresh = true
  #hasPlayed = false
  #wantsLive = false

  constructor({ rate, channels, leastMs, mostMs, firstMs }: JitterBufferOptions) {
    this.#rate = rate
    this.#channels = channels
    this.#delay = new TargetDelay(leastMs / 1000, mostMs / 1000, firstMs / 1000)
    const fade = Math.max(1, Math.round(rate * FADE_S))
    this.#store = new SampleStore(channels, Math.ceil((mostMs / 1000 + 2 * ROOM_S) * rate), fade)
    this.#reader = new FadingReader(this.#store, channels, fade)
  }

  /** Sound that waits to be played, in milliseconds. */
  get bufferedMs(): number {
    return (this.#reader.left / this.#rate) * 1000
  }

  get targetMs(): number {
    return this.#delay.target * 1000
  }

  /** Adds a block. @param at number of its first frame; undefined: the next one @param now in seconds */
  push(block: Float32Array, at: number | undefined, now: number): void {
    const frames = block.length / this.#channels
    const start = at ?? this.#store.end
    // The first block may contain older sound, so its timing does not predict that of the next ones.
    if (this.#isFresh || this.#isUnrelated(start)) this.#restart(start)
    else this.#delay.record(start / this.#rate, (start + frames) / this.#rate, now)
    const order = this.#store.put(block, start, this.#reader.place)
    if (order === 'late') this.late++
    else if (order === 'behind a gap') this.gaps++
    this.#keepWithin()
  }

  /** Writes the next `count` frames into `out`, one array per channel, from `at` on; silence where there are none. */
  pull(out: readonly Float32Array[], at: number, count: number): void {
    this.#settle()
    for (let i = at; i < at + count; i++) this.#frame(out, i)
  }

  /** Returns the speed at which to play now; 1 is the stream's own rate. @param now in seconds */
  speed(now: number): number {
    if (!this.isPlaying) return 1
    const excess = this.#excess(now)
    if (excess > FAR_S) this.#wantsLive ||= this.bufferedMs > this.targetMs + FAR_S * 1000
    return 1 + Math.max(-MOST_CHANGE, Math.min(MOST_CHANGE, excess / SETTLE_S))
  }

  /** Skips all sound beyond the target delay. */
  toLive(): void {
    this.#wantsLive = true
  }

  /** Call when the next blocks are unrelated to the previous ones. */
  clear(): void {
    this.#isFresh = true
    this.isPlaying = false
  }

  /** Returns the delay beyond the target, in seconds. */
  #excess(now: number): number {
    const { earliest, target } = this.#delay
    if (earliest === Number.POSITIVE_INFINITY) return 0
    return now - this.#reader.place / this.#rate - earliest - target
  }

  #isUnrelated(start: number): boolean {
    const tooFar = this.#store.end + LONGEST_GAP_S * this.#rate
    return start > tooFar || start < this.#reader.place - ROOM_S * this.#rate
  }

  #restart(start: number): void {
    this.#isFresh = false
    this.#hasPlayed = false
    this.isPlaying = false
    this.#delay.forget()
    this.#store.end = start
    this.#reader.begin(start)
  }

  /** Skips sound beyond the capacity even while no caller pulls. */
  #keepWithin(): void {
    if (this.#reader.left <= ROOM_S * this.#rate) return
    this.jumps++
    this.#reader.begin(this.#store.end - Math.round(this.#delay.target * this.#rate))
  }

  /** Number of frames beyond the target delay. */
  get #spare(): number {
    return this.#reader.left - Math.round(this.#delay.target * this.#rate)
  }

  /** Starts to play when enough is buffered, and skips sound on request. */
  #settle(): void {
    if (!this.isPlaying && !this.#isFresh && this.#spare >= 0) this.#begin()
    if (!this.isPlaying) return
    if (this.#wantsLive && this.#spare > 0) {
      this.jumps++
      this.#reader.skip(this.#spare)
    }
    this.#wantsLive = false
  }

  #begin(): void {
    // After a pause, the transit of all blocks may have changed.
    this.#delay.forget()
    if (this.#hasPlayed) this.#wantsLive ||= this.#spare > FAR_S * this.#rate
    else this.#reader.begin(this.#reader.place + this.#spare)
    this.isPlaying = true
    this.#hasPlayed = true
  }

  #frame(out: readonly Float32Array[], at: number): void {
    if (this.isPlaying && this.#reader.left > 0) {
      this.#reader.read(out, at)
      this.played++
      return
    }
    if (this.isPlaying) this.underruns++
    this.isPlaying = false
    this.#reader.begin(this.#reader.place)
    for (const channel of out) channel[at] = 0
  }
}
