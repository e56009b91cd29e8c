import type { Frame } from '../../filters/frame-filter.ts'
import { type Clock, pause } from '../system/clock.ts'

/** Duration of a group of short frames that are emitted together, in milliseconds: it is inaudible, and a timer costs more. */
const LUMP_MS = 20
/** Maximum delay that is caught up, in milliseconds. After a longer one the machine was asleep, or there were no listeners. */
const LATE_MS = 10_000

/** Emits frames in real time. */
export interface RealTime {
  /** Restarts the clock: frames are due from now on, the first `aheadMs` milliseconds of them at once. */
  restart(aheadMs: number): void
  /** No frames are due until the next `play`, which begins as the first one. */
  rest(): void
  /**
   * Emits frames, each when it is due; one of unknown length at once. Resolved after the last, or on an abort, which drops the
   * rest.
   */
  play(frames: readonly Frame[], signal: AbortSignal): Promise<void>
}

/**
 * Makes the timekeeper of a stream. Each frame is due when the duration of the previous one is over, however late that was
 * emitted, so that delays do not add up: neither those of timers nor those of opening files.
 *
 * @param aheadMs lead of the listeners from the beginning on, in milliseconds, so that a player can start at once.
 * @param out takes a frame. @param lumpEnded called when all due frames have been emitted.
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
    rest: () => {
      dueAt = Number.NEGATIVE_INFINITY
    },
    async play(frames, signal) {
      // The end of an opening that was closed begins nothing.
      if (frames.length === 0 || signal.aborted) return
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
