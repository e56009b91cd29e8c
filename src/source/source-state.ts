import type { Clock } from '../system/clock.ts'
import type { QuietLimit } from './quiet-limit.ts'

/** How a source is. Times are those of the clock, in milliseconds. */
export interface SourceState {
  /**
   * `closed`: there is no listener, or it rests after a failure until there is one. `waiting`: it is open, and waits for its
   * writer or publisher. `retrying`: it is away, and will be opened again. `ended`: it never comes back.
   */
  readonly kind: 'closed' | 'opening' | 'waiting' | 'open' | 'retrying' | 'ended'
  /** When it came to be so. */
  readonly since: number
  /** While it is retrying: when it is opened again. */
  readonly retryAt: number | undefined
  /** For how long it has given nothing although it is open and wanted, in milliseconds. */
  readonly quietMs: number
  /** How often it has been opened. */
  readonly openings: number
  /** How its last opening ended; undefined: none has ended yet. */
  readonly lastEnd: SourceEnd | undefined
}

/** How an opening of a source ended. */
interface SourceEnd {
  readonly at: number
  /** In one line, as the log says it. */
  readonly why: string
  /** It ended otherwise than by its end or because nobody wanted it, or nothing could be made of its bytes. */
  readonly failed: boolean
}

/** What becomes of a source, written down for those who ask. */
export interface SourceRecord {
  readonly state: SourceState
  /** @param retryAt see SourceState. */
  became(kind: Exclude<SourceState['kind'], 'open'>, retryAt?: number): void
  /** @param quiet of this opening. */
  opened(quiet: Pick<QuietLimit, 'quietMs'>): void
  /** An opening has ended, or could not begin. */
  closed(why: string, failed: boolean): void
}

export function createSourceRecord(clock: Clock): SourceRecord {
  let kind: SourceState['kind'] = 'closed'
  let since = clock.now()
  let retryAt: number | undefined
  let quiet: Pick<QuietLimit, 'quietMs'> | undefined
  let openings = 0
  let lastEnd: SourceEnd | undefined
  const become = (next: SourceState['kind'], nextRetryAt?: number) => {
    kind = next
    since = clock.now()
    retryAt = nextRetryAt
  }
  return {
    get state() {
      const quietMs = kind === 'open' && quiet !== undefined ? quiet.quietMs : 0
      return { kind, since, retryAt, quietMs, openings, lastEnd }
    },
    became: become,
    opened(limit) {
      become('open')
      quiet = limit
      openings++
    },
    closed(why, failed) {
      lastEnd = { at: clock.now(), why, failed }
    },
  }
}
