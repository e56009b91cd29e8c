import type { Logger } from '@logtape/logtape'
import type { Frame, RingView } from '../../filters/frame-filter.ts'
import type { GuardedFilter } from '../../filters/guarded-filter.ts'
import type { Clock } from '../system/clock.ts'
import type { Emitter } from '../system/emitter.ts'
import type { StreamEvent } from './stream-event.ts'

/** Maximum time after its first bytes that a filter may wait for more before it decides on a format, in milliseconds. */
const SETTLE_AFTER_MS = 500
/** Number of bytes without the start of a frame after which a warning is logged. */
const SUSPICIOUS_BYTES = 64 * 1024

const NOTHING = Buffer.alloc(0)

/** Receiver of a filter's frames. */
export interface FrameReceiver {
  take(frame: Frame): void
  /** The filter has decided on a format, and may have emitted frames, without a further chunk. */
  settled(): void
}

/** The filter of one opening. Makes it decide in time, and logs what it finds or misses, once per opening. */
export class CheckedFilter {
  readonly filter: GuardedFilter
  readonly #receiver: FrameReceiver
  readonly #events: Pick<Emitter<StreamEvent>, 'emit'>
  readonly #clock: Clock
  readonly #log: Logger
  #frames = 0
  #isDescribed = false
  #hasWarned = false
  #hasFailed = false
  /** Number of skipped bytes at the last look, to notice more of them. */
  #seenBytes = 0
  #cancelSettle: (() => void) | undefined
  readonly #count = (frame: Frame): void => {
    if (frame.bytes.length === 0) return
    this.#frames++
    this.#receiver.take(frame)
  }

  constructor(
    filter: GuardedFilter,
    receiver: FrameReceiver,
    events: Pick<Emitter<StreamEvent>, 'emit'>,
    clock: Clock,
    log: Logger,
  ) {
    this.filter = filter
    this.#receiver = receiver
    this.#events = events
    this.#clock = clock
    this.#log = log
  }

  /** @throws FilterError */
  push(bytes: Buffer): void {
    if (this.filter.settle !== undefined && this.#cancelSettle === undefined)
      this.#cancelSettle = this.#clock.after(SETTLE_AFTER_MS, () => this.#settle())
    this.filter.push(bytes, this.#count)
    this.#report(false)
  }

  /** Bytes to send before frame `at`, from the filter; null when a listener cannot start there. */
  preamble(at: number, ring: RingView, joining: boolean, missedFrom: number): Buffer | null {
    if (this.filter.preamble === undefined) return NOTHING
    const preamble = this.filter.preamble(at, ring, joining, missedFrom)
    if (this.filter.failure !== undefined) this.#report(false)
    return preamble
  }

  /** Called when the opening has ended. */
  end(): void {
    this.#cancelSettle?.()
    this.filter.end(this.#count)
    this.#report(true)
  }

  #settle(): void {
    if (this.#frames > 0) return
    this.filter.settle?.(this.#count)
    this.#report(false)
    this.#receiver.settled()
  }

  #report(hasEnded: boolean): void {
    const { failure, description: format, contentType } = this.filter
    if (failure !== undefined && !this.#hasFailed) this.#log.error('filter failed', { error: failure })
    this.#hasFailed = failure !== undefined
    if (!this.#isDescribed && format !== undefined) {
      this.#isDescribed = true
      this.#events.emit({ kind: 'format found', format, contentType })
    }
    this.#reportSkipped(hasEnded)
  }

  #reportSkipped(hasEnded: boolean): void {
    const { skippedBytes: bytes } = this.filter
    const isEnough = bytes >= SUSPICIOUS_BYTES || (hasEnded && this.#frames > 0 && bytes > 0)
    if (this.#hasWarned || !isEnough || bytes === this.#seenBytes) return
    this.#seenBytes = bytes
    const { complaint } = this.filter
    // Between frames, bytes are skipped after each fault; only a filter that complains is worth a warning.
    if (this.#frames > 0 && complaint === undefined) return
    this.#hasWarned = true
    const reason = complaint ?? 'another format?'
    this.#log.warn(this.#frames > 0 ? 'source bytes skipped' : 'no frames found', { bytes, reason })
  }
}
