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
  let readings: Reading[] = []
  let latest: Reading | undefined
  let past: PlayerRewind | undefined
  const last = () => readings.at(-1)
  const isMoving = () => {
    const before = readings.at(-2)
    return before === undefined || before.time.newest < (last()?.time.newest ?? 0)
  }
  /** Does not extrapolate while the source emits nothing. */
  const since = (reading: Reading, now: number) =>
    isMoving() && reading.time.frameMs > 0 ? Math.min(now - reading.now, LONGEST_GUESS_MS) : 0
  const newest = (now: number) => {
    if (readings.length === 0) return undefined
    return Math.max(...readings.map((reading) => reading.time.newest + since(reading, now)))
  }
  const expected = (now: number) => newest(now) ?? (latest && latest.time.newest + now - latest.now)
  return {
    newest,
    expected,
    update(time, now, rewind) {
      const kept = time !== undefined && time.line === last()?.time.line ? readings.slice(1 - READINGS) : []
      readings = time === undefined ? [] : [...kept, { time, now }]
      if (time === undefined) return
      latest = last()
      past = rewind
    },
    ageOf(at, now) {
      const title = past?.titles.findLast(({ from }) => from <= at)
      if (title !== undefined && latest !== undefined) return title.agoMs + now - latest.now - (at - title.from)
      const end = expected(now)
      return end === undefined ? undefined : end - at
    },
    start(now) {
      const reading = last()
      if (reading === undefined || now - reading.now > LONGEST_GUESS_MS) return undefined
      const { start, frameMs } = reading.time
      const frames = frameMs > 0 ? Math.floor(since(reading, now) / frameMs) : 0
      return { frame: start.frame + frames, at: start.at + frames * frameMs }
    },
    get line() {
      return last()?.time.line
    },
    get burstMs() {
      return last()?.time.burstMs
    },
    get reachMs() {
      return past?.reachMs
    },
  }
}
