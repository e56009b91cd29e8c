import type { Logger } from '@logtape/logtape'
import type { Emit, Frame, RingView } from '../../filters/frame-filter.ts'
import type { GuardedFilter } from '../../filters/guarded-filter.ts'
import type { Clock } from '../clock.ts'

/** After its first bytes a filter may wait so long for enough of them to decide on something, in milliseconds. */
const SETTLE_AFTER_MS = 500
/** So many bytes in which no frame starts are worth a warning. */
const SUSPICIOUS_BYTES = 64 * 1024

const NOTHING = Buffer.alloc(0)

/** One opening's filter at work. */
export interface Sieve {
  readonly filter: GuardedFilter
  /** @throws FilterError */
  push(bytes: Buffer): void
  /** What goes out before frame `at`, as the filter says; null when nobody can begin there. */
  preamble(at: number, ring: RingView, joining: boolean, missedFrom: number): Buffer | null
  /** The opening has ended. */
  end(): void
}

/** Puts chunks through a filter, makes it decide in time, and logs what it finds or misses, once for each opening. */
export function createSieve(filter: GuardedFilter, emit: Emit, settled: () => void, clock: Clock, log: Logger): Sieve {
  let frames = 0
  let described = false
  let complained = false
  let failed = false
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
  const report = () => {
    if (filter.failure !== undefined && !failed) log.error('filter failed', { error: filter.failure })
    failed = filter.failure !== undefined
    if (!described && filter.description !== undefined) {
      described = true
      log.info('format found', { format: filter.description, contentType: filter.contentType })
    }
    if (complained || frames > 0 || filter.skippedBytes < SUSPICIOUS_BYTES) return
    complained = true
    log.warn('no frame in the bytes of the source', {
      bytes: filter.skippedBytes,
      why: filter.complaint ?? 'another format?',
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
      report()
    },
  }
}
