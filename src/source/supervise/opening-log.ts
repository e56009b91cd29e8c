import type { Logger } from '@logtape/logtape'
import type { Clock } from '../../system/clock.ts'
import { formatDuration } from '../../text/duration.ts'
import type { Source } from '../source.ts'

/** Result of one open-close cycle, as the log reports it. */
export interface Ending {
  readonly about: Readonly<Record<string, unknown>>
  readonly livedMs: number
  readonly bytes: number
  /** Why it ended, in one line. */
  readonly cause: string
  readonly failed: boolean
  /** Time at which it was opened, in milliseconds of the clock. */
  readonly openedAt: number
}

/** Kind of an opening's end: the source was closed on purpose, it was healthy, or it failed or was short and is retried. */
type EndKind = 'stopped' | 'healthy' | 'retried'

/** Number of consecutive failures that are logged in full. */
const LOGGED_IN_FULL = 3
/** Time from one report of repeats to the next, in milliseconds; doubled each time. */
const FIRST_REPORT_AFTER_MS = 60_000
const LONGEST_BETWEEN_REPORTS_MS = 3_600_000
/** Maximum number of different failures that are distinguished; later ones count as repeats. */
const MAX_KINDS = 100
/** Number of last lines of standard error in a warning. */
const LAST_LINES = 3
/** Maximum total length of those lines, in characters. */
const MAX_LAST_LINES = 300

/** Log of a source's openings. When a source fails repeatedly, repeats are counted instead of logged. */
export class OpeningLog {
  readonly #source: Source
  readonly #clock: Clock
  readonly #log: Logger
  /** Failures that have been logged since the last healthy opening, by cause and file. */
  readonly #logged = new Set<string>()
  /** Number of failures since the last healthy opening. */
  #failures = 0
  /** Time of the next report of repeats, in milliseconds of the clock, and the interval to the one after it. */
  #reportAt = 0
  #betweenMs = FIRST_REPORT_AFTER_MS

  constructor(source: Source, clock: Clock, log: Logger) {
    this.#source = source
    this.#clock = clock
    this.#log = log
  }

  /** Level for an opening's own log lines, such as the standard error of a child. */
  get level(): 'info' | 'debug' {
    return this.#isFolding ? 'debug' : 'info'
  }

  /** @param waitsFor see Opening. */
  opened(about: Readonly<Record<string, unknown>>, waitsFor?: string): void {
    const { label: source } = this.#source
    if (waitsFor === undefined) this.#log[this.level]('source opened', { source, ...about })
    else this.#log[this.level]('source waiting', { source, ...about, waitsFor })
  }

  /** An opening that was not logged has proved healthy. */
  recovered(about: Readonly<Record<string, unknown>>): void {
    if (!this.#isFolding) return
    this.#log.info('source opened', { source: this.#source.label, ...about, failures: this.#failures })
    this.#forget()
  }

  closed(ending: Ending, kind: EndKind): void {
    const { about, livedMs, bytes, cause, failed, openedAt } = ending
    const uptime = `${(livedMs / 1000).toFixed(1)}s`
    const values = { source: this.#source.label, ...about, uptime, bytes, reason: cause }
    if (kind === 'retried' && this.#isRepeat(ending)) {
      this.#failures++
      this.#log.debug('source closed', values)
      return this.#reportRepeats(ending)
    }
    if (kind === 'retried') this.#failures++
    else if (kind === 'healthy') this.#forget()
    if (failed) this.#log.warn('source closed', { ...values, stderr: this.#stderrSince(openedAt) })
    else this.#log.info('source closed', values)
  }

  get #isFolding(): boolean {
    return this.#failures >= LOGGED_IN_FULL * (this.#source.tries ?? 1)
  }

  #forget(): void {
    this.#failures = 0
    this.#logged.clear()
    this.#betweenMs = FIRST_REPORT_AFTER_MS
    this.#reportAt = 0
  }

  /** @returns whether this failure, or one like it, has already been logged. */
  #isRepeat({ about: { file }, cause }: Ending): boolean {
    const key = JSON.stringify([cause, file])
    const isKnown = this.#logged.has(key) || this.#logged.size >= MAX_KINDS
    if (!isKnown) this.#logged.add(key)
    return this.#isFolding && isKnown
  }

  #reportRepeats({ cause, failed, openedAt }: Ending): void {
    if (this.#clock.now() < this.#reportAt) return
    this.#reportAt = this.#clock.now() + this.#betweenMs
    const nextReport = formatDuration(this.#betweenMs)
    this.#betweenMs = Math.min(this.#betweenMs * 2, LONGEST_BETWEEN_REPORTS_MS)
    this.#log.warn(failed ? 'source failed repeatedly' : 'source ended repeatedly', {
      source: this.#source.label,
      failures: this.#failures,
      reason: cause,
      stderr: this.#stderrSince(openedAt),
      nextReport,
    })
  }

  #stderrSince(at: number): string | undefined {
    const lines = (this.#source.stderrTail ?? []).filter((line) => line.at >= at).slice(-LAST_LINES)
    const text = lines.map((line) => line.text).join(' | ')
    return text === '' ? undefined : text.slice(-MAX_LAST_LINES)
  }
}
