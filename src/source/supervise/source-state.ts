import type { Clock } from '../../system/clock.ts'
import type { SourceConnection, SourcePeer } from '../source.ts'
import type { QuietLimit } from './quiet-limit.ts'

/** State of a source. Times are those of the clock, in milliseconds. */
export interface SourceState {
  /**
   * `closed`: it has no listeners, or waits for one after a failure. `waiting`: it is open, and waits for its writer or
   * publisher. `retrying`: it will be opened again after a pause. `ended`: it will not be opened again.
   */
  readonly kind: 'closed' | 'opening' | 'waiting' | 'open' | 'retrying' | 'ended'
  /** Time of the last change. */
  readonly since: number
  /** While retrying: the time of the next opening. */
  readonly retryAt: number | undefined
  /** Time without bytes while it is open and being read, in milliseconds. */
  readonly quietMs: number
  /** Number of openings. */
  readonly openings: number
  /** While it is open: the other end of its connection; undefined: it has none, such as a file. */
  readonly peer: SourcePeer | undefined
  /** Path of the file that is played, also while the next one is opened; see byte-path.ts. Undefined: it plays none. */
  readonly file?: string | undefined
  /** How its last opening ended; undefined: none has ended yet. */
  readonly lastEnd: SourceEnd | undefined
}

/** How an opening of a source ended. */
interface SourceEnd {
  readonly at: number
  /** In one line, as logged. */
  readonly why: string
  /** It ended other than by reaching its end or for lack of demand, or its bytes were not usable. */
  readonly failed: boolean
}

/** Recorder of a source's state. */
export interface SourceRecord {
  readonly state: SourceState
  /** @param retryAt see SourceState. */
  became(kind: Exclude<SourceState['kind'], 'open'>, retryAt?: number): void
  /** @param quiet limit of this opening. */
  opened(quiet: Pick<QuietLimit, 'quietMs'>, connection: Pick<SourceConnection, 'peer' | 'file'>): void
  /** An opening has ended, or has failed to begin. */
  closed(why: string, failed: boolean): void
}

export function createSourceRecord(clock: Clock): SourceRecord {
  let kind: SourceState['kind'] = 'closed'
  let since = clock.now()
  let retryAt: number | undefined
  let quiet: Pick<QuietLimit, 'quietMs'> | undefined
  let open: Pick<SourceConnection, 'peer'> | undefined
  let file: string | undefined
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
      const peer = kind === 'open' ? open?.peer : undefined
      const played = kind === 'open' || kind === 'opening' ? file : undefined
      return { kind, since, retryAt, quietMs, openings, peer, file: played, lastEnd }
    },
    became: become,
    opened(limit, connection) {
      become('open')
      quiet = limit
      open = connection
      file = connection.file
      openings++
    },
    closed(why, failed) {
      open = undefined
      lastEnd = { at: clock.now(), why, failed }
    },
  }
}
