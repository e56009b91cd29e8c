import type { PlayerRewind, StreamTime } from '../../endpoints/player/player-news.ts'

/** Estimates the timestamp of a stream's newest frame between the server's events, which are sent about once a second. */
export interface LiveClock {
  /**
   * @param now when it was received, by `performance.now()`.
   * @param rewind ignored without `time`; undefined: listeners cannot go back
   */
  update(time: StreamTime | undefined, now: number, rewind?: PlayerRewind): void
  /** The timestamp of the newest frame, in milliseconds; undefined: not known. */
  newest(now: number): number | undefined
  /** As `newest`, also while the server sends no events: then as if the stream continued; undefined: there never were any. */
  expected(now: number): number | undefined
  /** Age of the sound at a position, in milliseconds: longer than its distance from the newest frame when the source was away since. */
  ageOf(at: number, now: number): number | undefined
  /** The best start point for a request made at `now`, also in the past; undefined: not known. */
  start(now: number): StartPoint | undefined
  /** The line of time that these timestamps belong to. */
  readonly line: string | undefined
  /** Delay behind the newest frame at which players start, in milliseconds; undefined: not known. */
  readonly burstMs: number | undefined
  /** Distance from the newest frame to the oldest, in milliseconds; undefined: listeners cannot go back. */
  readonly reachMs: number | undefined
}

/** A frame and its timestamp. */
interface StartPoint {
  readonly frame: number
  readonly at: number
}

interface Reading {
  readonly time: StreamTime
  readonly now: number
}

/** Number of readings used. Frames are received in chunks, so the most advanced of differing readings is right. */
const READINGS = 5
/** Maximum extrapolation, in milliseconds. */
const LONGEST_GUESS_MS = 10_000

export function createLiveClock(): LiveClock {
  return new ReadingClock()
}

class ReadingClock implements LiveClock {
  /** Readings of one line; empty while the server sends no events. */
  #readings: readonly Reading[] = []
  #latest: Reading | undefined
  #past: PlayerRewind | undefined

  update(time: StreamTime | undefined, now: number, rewind?: PlayerRewind): void {
    const kept = time !== undefined && time.line === this.line ? this.#readings.slice(1 - READINGS) : []
    this.#readings = time === undefined ? [] : [...kept, { time, now }]
    if (time === undefined) return
    this.#latest = this.#readings.at(-1)
    this.#past = rewind
  }

  newest(now: number): number | undefined {
    if (this.#readings.length === 0) return undefined
    return Math.max(...this.#readings.map((reading) => reading.time.newest + this.#since(reading, now)))
  }

  expected(now: number): number | undefined {
    return this.newest(now) ?? (this.#latest && this.#latest.time.newest + now - this.#latest.now)
  }

  ageOf(at: number, now: number): number | undefined {
    const title = this.#past?.titles.findLast(({ from }) => from <= at)
    if (title !== undefined && this.#latest !== undefined) {
      return title.agoMs + now - this.#latest.now - (at - title.from)
    }
    const end = this.expected(now)
    return end === undefined ? undefined : end - at
  }

  start(now: number): StartPoint | undefined {
    const reading = this.#readings.at(-1)
    if (reading === undefined || now - reading.now > LONGEST_GUESS_MS) return undefined
    const { start, frameMs } = reading.time
    const frames = frameMs > 0 ? Math.floor(this.#since(reading, now) / frameMs) : 0
    return { frame: start.frame + frames, at: start.at + frames * frameMs }
  }

  get line(): string | undefined {
    return this.#readings.at(-1)?.time.line
  }

  get burstMs(): number | undefined {
    return this.#readings.at(-1)?.time.burstMs
  }

  get reachMs(): number | undefined {
    return this.#past?.reachMs
  }

  /** Does not extrapolate while the source emits nothing. */
  #since(reading: Reading, now: number): number {
    const before = this.#readings.at(-2)
    const isMoving = before === undefined || before.time.newest < (this.#readings.at(-1)?.time.newest ?? 0)
    return isMoving && reading.time.frameMs > 0 ? Math.min(now - reading.now, LONGEST_GUESS_MS) : 0
  }
}
