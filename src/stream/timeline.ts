import type { RingView } from '../../filters/frame-filter.ts'

/** Position and time of one frame. */
interface Mark {
  readonly seq: number
  /** Position: duration of all frames before it, in microseconds. */
  readonly us: number
  /** Time, in milliseconds of the clock. */
  readonly at: number
}

/** Sound that lags behind its arrival by more follows a gap in the source, in milliseconds. Less may be a pause of reading. */
const GAP_MS = 3_000
/** Sound that lags behind its arrival during all this time, in milliseconds, follows a short gap, or the source is slow. */
const LAGS_FOR_MS = 10_000
/** Time between two marks of sound without a gap, in milliseconds: the frames between them are counted for each look-up. */
const BETWEEN_MARKS_MS = 500
/** Differences that are rounding, in milliseconds. */
const SAME_MS = 0.001
const US_PER_MS = 1000

/**
 * Positions and times of the frames in a ring. The position of a frame is the duration of all frames before it. Its time is the one
 * at which its sound began to be on the air: frames that arrive together follow one another, and the last one ends when they
 * arrive.
 *
 * ```
 *   arrivals              |chunk 1   |chunk 2              gap             |chunk 3
 *   times      [f][f][f][f]  [f][f][f][f]                        [f][f][f][f]
 * ```
 *
 * A source that yields its frames in time has times without jumps, however they are divided into chunks.
 */
export class Timeline {
  readonly #ring: RingView
  /** Position of the next frame. */
  #us = 0
  /** Number and position of the first frame of the chunk. */
  #chunkSeq: number
  #chunkUs = 0
  #marks: Mark[] = []
  /** The least lag of the sound behind its arrival since a time, in milliseconds. */
  #leastLagMs = Number.POSITIVE_INFINITY
  #leastSince = 0

  constructor(ring: RingView) {
    this.#ring = ring
    this.#chunkSeq = ring.next
  }

  /** Position of the next frame, in microseconds. */
  get us(): number {
    return this.#us
  }

  /** Hot path: a frame is in the ring. */
  frameCame(durationUs: number): void {
    this.#us += durationUs
  }

  /** All frames of a chunk are in the ring. @param now in milliseconds of the clock */
  chunkEnded(now: number): void {
    const { first, next } = this.#ring
    if (next === this.#chunkSeq) return
    const last = this.#marks.at(-1)
    const at = this.#timeOfChunk(last, now)
    if (last === undefined || this.#isNews(last, at)) this.#marks.push({ seq: this.#chunkSeq, us: this.#chunkUs, at })
    while ((this.#marks[1]?.seq ?? Number.POSITIVE_INFINITY) <= first) this.#marks.shift()
    this.#chunkSeq = next
    this.#chunkUs = this.#us
  }

  /** Returns the position of a frame of the ring, or of the next frame, in microseconds. */
  usOf(seq: number): number {
    const mark = this.#marks[this.#indexBefore((other) => other.seq <= seq) + 1]
    return (mark?.us ?? this.#us) - this.#lastingUs(seq, mark?.seq ?? this.#ring.next)
  }

  /** Returns the time of a frame of the ring, or the end of the newest one, in milliseconds of the clock; undefined without frames. */
  timeOf(seq: number): number | undefined {
    const index = this.#indexBefore((mark) => mark.seq <= seq)
    const mark = this.#marks[index]
    if (mark === undefined) return undefined
    const at = mark.at + (this.usOf(seq) - mark.us) / US_PER_MS
    return Math.min(at, this.#marks[index + 1]?.at ?? at)
  }

  /**
   * Returns the first frame of the ring whose time is `at` or later; the next frame when none is.
   * @param at in milliseconds of the clock
   */
  seqAt(at: number): number {
    const { first, next } = this.#ring
    const index = this.#indexBefore((mark) => mark.at < at)
    const mark = this.#marks[index]
    if (mark === undefined || at <= mark.at) return first
    const end = this.#marks[index + 1]?.seq ?? next
    let seq = Math.max(first, mark.seq)
    for (let us = this.usOf(seq); seq < end && mark.at + (us - mark.us) / US_PER_MS < at; seq++) {
      us += this.#ring.at(seq)?.durationUs ?? 0
    }
    return seq
  }

  /** Returns the first frame of the ring whose position is `us` or later; the next frame when none is. */
  seqAtUs(us: number): number {
    const { first, next } = this.#ring
    const index = this.#indexBefore((mark) => mark.us <= us)
    const mark = this.#marks[index]
    let seq = Math.max(first, mark?.seq ?? first)
    let at = seq === mark?.seq ? mark.us : this.usOf(seq)
    for (; seq < next && at < us; seq++) at += this.#ring.at(seq)?.durationUs ?? 0
    return seq
  }

  /** Returns the time of the first frame of the chunk, which never is before that of an earlier frame. */
  #timeOfChunk(last: Mark | undefined, now: number): number {
    const latest = now - (this.#us - this.#chunkUs) / US_PER_MS
    if (last === undefined) {
      this.#leastSince = now
      return latest
    }
    const expected = this.#expected(last)
    const lagMs = latest - expected
    const at = lagMs > GAP_MS || this.#us === 0 ? latest : expected + Math.min(lagMs, this.#lastingLag(lagMs, now))
    return Math.max(last.at, at)
  }

  /** Returns the lag that all chunks of some time have had; 0 while it is not known. */
  #lastingLag(lagMs: number, now: number): number {
    this.#leastLagMs = Math.min(this.#leastLagMs, lagMs)
    if (now - this.#leastSince < LAGS_FOR_MS) return 0
    const least = this.#leastLagMs
    this.#leastSince = now
    this.#leastLagMs = Number.POSITIVE_INFINITY
    return Math.max(0, least)
  }

  /** Without durations, all frames between two marks have the time of the first one. */
  #isNews(last: Mark, at: number): boolean {
    if (at - last.at >= BETWEEN_MARKS_MS) return true
    return this.#us > 0 && Math.abs(at - this.#expected(last)) > SAME_MS
  }

  #expected(last: Mark): number {
    return last.at + (this.#chunkUs - last.us) / US_PER_MS
  }

  /** Returns the index of the last mark that fulfils `isBefore`, or else the first; -1 without marks. */
  #indexBefore(isBefore: (mark: Mark) => boolean): number {
    let [low, high] = [0, this.#marks.length]
    while (low < high) {
      const middle = (low + high) >> 1
      const mark = this.#marks[middle]
      if (mark !== undefined && isBefore(mark)) low = middle + 1
      else high = middle
    }
    return Math.min(Math.max(0, low - 1), this.#marks.length - 1)
  }

  #lastingUs(from: number, to: number): number {
    let us = 0
    for (let seq = from; seq < to; seq++) us += this.#ring.at(seq)?.durationUs ?? 0
    return us
  }
}
