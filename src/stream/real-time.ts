import type { Frame } from '../../filters/frame-filter.ts'
import { type Clock, pause } from '../system/clock.ts'

/** Frames go out in lumps of so many milliseconds, where they are shorter: nobody hears the difference, and a timer costs more. */
const LUMP_MS = 20
/** What is late by more than this is not made up for: the machine was asleep, or nobody listened for a while. In milliseconds. */
const LATE_MS = 10_000

/** Lets frames out at the speed of sound. */
export interface RealTime {
  /** From now on frames come due anew, and so many milliseconds of them at once. */
  restart(aheadMs: number): void
  /** Lets frames out, each at its time; one of unknown length at once. Resolved when the last is out, or on an abort, which drops the rest. */
  play(frames: readonly Frame[], signal: AbortSignal): Promise<void>
}

/**
 * Makes the timekeeper of a stream. Each frame comes due when the one before it has had its time, however long it took to get
 * it, so that nothing adds up: not the timers' lateness, not the opening of files.
 *
 * @param aheadMs listeners are so far ahead from the beginning, in milliseconds: a player can begin at once.
 * @param out takes a frame. @param lumpEnded called when all that was due is out.
 */
export function createRealTime(
  aheadMs: number,
  clock: Clock,
  out: (frame: Frame) => void,
  lumpEnded: () => void,
): RealTime {
  let dueAt = Number.NEGATIVE_INFINITY
  const restart = (ms: number) => {
    dueAt = clock.now() - ms
  }
  return {
    restart,
    async play(frames, signal) {
      if (dueAt < clock.now() - LATE_MS) restart(aheadMs)
      for (let at = 0; at < frames.length && !signal.aborted; lumpEnded()) {
        const until = clock.now() + LUMP_MS
        for (let frame = frames[at]; frame !== undefined && dueAt <= until; frame = frames[++at]) {
          dueAt += frame.durationUs / 1000
          out(frame)
        }
        if (at < frames.length) await pause(clock, dueAt - clock.now(), signal)
      }
    },
  }
}
