import type { Logger } from '@logtape/logtape'
import type { Frame } from '../../filters/frame-filter.ts'
import type { GuardedFilter } from '../../filters/guarded-filter.ts'
import type { RealTime } from './real-time.ts'

/** Minimum duration of a row of silent frames, in microseconds. */
const ROW_US = 20_000

/** Silent frames for listeners while a source is away. */
export interface Silence {
  /** Emits silence that follows `last`, a frame of `filter`, until `stop` is called. */
  start(filter: GuardedFilter, last: Frame): void
  stop(): void
}

/** @param realTime emits the silent frames. */
export function createSilence(realTime: RealTime, log: Logger): Silence {
  let wish: AbortController | undefined
  return {
    start(filter, last) {
      if (wish !== undefined) return
      const frame = filter.silence?.(last)
      if (frame === undefined || !(frame.durationUs > 0)) {
        const { contentType, failure } = filter
        log.warn('silence not available', { contentType, reason: failure })
        return
      }
      wish = new AbortController()
      void keepSilent(frame, realTime, wish.signal)
    },
    stop() {
      wish?.abort()
      wish = undefined
    },
  }
}

async function keepSilent(frame: Frame, realTime: RealTime, signal: AbortSignal): Promise<void> {
  const row = Array.from({ length: Math.ceil(ROW_US / frame.durationUs) }, () => frame)
  while (!signal.aborted) await realTime.play(row, signal)
}
