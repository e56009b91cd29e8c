import type { StreamTime } from '../../pages/player-news.ts'

/** Where on a stream's line of time its newest frame is, between what the server says about once a second. */
export interface LiveClock {
  /** @param now when it came, by `performance.now()`. */
  take(time: StreamTime | undefined, now: number): void
  /** The moment of the newest frame, in milliseconds; undefined: not known. */
  newest(now: number): number | undefined
  /** Where a listener begins best who asks now, or began who asked a while ago; undefined: not known. */
  start(now: number): StartPoint | undefined
  /** Of which line these moments are. */
  readonly line: string | undefined
  /** How far behind the newest frame players begin, in milliseconds; undefined: not known. */
  readonly burstMs: number | undefined
}

/** A frame, and its moment. */
interface StartPoint {
  readonly frame: number
  readonly at: number
}

interface Reading {
  readonly time: StreamTime
  readonly now: number
}

/** So many readings count. Frames come in chunks, so of those that say different things the furthest is right. */
const READINGS = 5
/** Nothing is guessed for longer, in milliseconds. */
const LONGEST_GUESS_MS = 10_000

export function createLiveClock(): LiveClock {
  let readings: Reading[] = []
  const last = () => readings.at(-1)
  const isMoving = () => {
    const before = readings.at(-2)
    return before === undefined || before.time.newest < (last()?.time.newest ?? 0)
  }
  /** Guesses nothing ahead of a source that stands still. */
  const since = (reading: Reading, now: number) =>
    isMoving() && reading.time.frameMs > 0 ? Math.min(now - reading.now, LONGEST_GUESS_MS) : 0
  return {
    take(time, now) {
      const kept = time !== undefined && time.line === last()?.time.line ? readings.slice(1 - READINGS) : []
      readings = time === undefined ? [] : [...kept, { time, now }]
    },
    newest(now) {
      if (readings.length === 0) return undefined
      return Math.max(...readings.map((reading) => reading.time.newest + since(reading, now)))
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
  }
}
