import type { Logger } from '@logtape/logtape'
import type { Emit, Frame, RingView } from '../../filters/frame-filter.ts'
import type { GuardedFilter } from '../../filters/guarded-filter.ts'
import type { Clock } from '../system/clock.ts'
import type { Emitter } from '../system/emitter.ts'
import type { StreamEvent } from './stream-event.ts'

/** Maximum time after its first bytes that a filter may wait for more before it decides on a format, in milliseconds. */
const SETTLE_AFTER_MS = 500
/** Number of bytes without the start of a frame after which a warning is logged. */
const SUSPICIOUS_BYTES = 64 * 1024

const NOTHING = Buffer.alloc(0)

/** The filter of one opening, with its logging. */
export interface CheckedFilter {
  readonly filter: GuardedFilter
  /** @throws FilterError */
  push(bytes: Buffer): void
  /** Bytes to send before frame `at`, from the filter; null when a listener cannot start there. */
  preamble(at: number, ring: RingView, joining: boolean, missedFrom: number): Buffer | null
  /** Called when the opening has ended. */
  end(): void
}

/** Puts chunks through a filter, makes it decide in time, and logs what it finds or misses, once per opening. */
export function createCheckedFilter(
  filter: GuardedFilter,
  emit: Emit,
  settled: () => void,
  events: Emitter<StreamEvent>,
  clock: Clock,
  log: Logger,
): CheckedFilter {
  let frames = 0
  let described = false
  let complained = false
  let failed = false
  let reportedBytes = 0
  let cancelSettle: (() => void) | undefined
  const count = (frame: Frame) => {
    if (frame.bytes.length === 0) return
    frames++
    emit(frame)
  }
  const settle = () => {
    if (frames > 0) return
    filter.settle?.(count)
    report()
    settled()
  }
  const report = (ended = false) => {
    if (filter.failure !== undefined && !failed) log.error('filter failed', { error: filter.failure })
    failed = filter.failure !== undefined
    const { description: format, contentType, skippedBytes } = filter
    if (!described && format !== undefined) {
      described = true
      events.emit({ kind: 'format found', format, contentType })
    }
    const isEnough = skippedBytes >= SUSPICIOUS_BYTES || (ended && frames > 0 && skippedBytes > 0)
    if (complained || !isEnough || skippedBytes === reportedBytes) return
    reportedBytes = skippedBytes
    const reason = filter.complaint
    // Between frames, bytes are skipped after each fault; only a filter that complains is worth a warning.
    if (frames > 0 && reason === undefined) return
    complained = true
    log.warn(frames > 0 ? 'source bytes skipped' : 'no frames found', {
      bytes: skippedBytes,
      reason: reason ?? 'another format?',
    })
  }
  return {
    filter,
    push(bytes) {
      if (filter.settle !== undefined) cancelSettle ??= clock.after(SETTLE_AFTER_MS, settle)
      filter.push(bytes, count)
      report()
    },
    preamble(at, ring, joining, missedFrom) {
      if (filter.preamble === undefined) return NOTHING
      const preamble = filter.preamble(at, ring, joining, missedFrom)
      if (filter.failure !== undefined) report()
      return preamble
    },
    end() {
      cancelSettle?.()
      filter.end(count)
      report(true)
    },
  }
}
