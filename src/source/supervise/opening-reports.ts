import type { Clock } from '../../system/clock.ts'
import type { Source } from '../source.ts'
import type { FailureCause, SourceEvent } from './source-event.ts'

/** Result of one open-close cycle, as it is reported. */
export interface Ending {
  readonly about: Readonly<Record<string, unknown>>
  readonly livedMs: number
  readonly bytes: number
  /** Why it ended, in one line. */
  readonly reason: string
  readonly failed: boolean
  /** Undefined: it has not failed. */
  readonly cause: FailureCause | undefined
  /** Time at which it was opened, in milliseconds of the clock. */
  readonly openedAt: number
}

/** Kind of an opening's end: the source was closed on purpose, it was healthy, or it failed or was short and is retried. */
type EndKind = 'stopped' | 'healthy' | 'retried'

/** Number of consecutive failures that are reported in full. */
const REPORTED_IN_FULL = 3
/** Time from one report of repeats to the next, in milliseconds; doubled each time. */
const FIRST_REPORT_AFTER_MS = 60_000
const LONGEST_BETWEEN_REPORTS_MS = 3_600_000
/** Maximum number of different failures that are distinguished; later ones count as repeats. */
const MAX_KINDS = 100
/** Number of last lines of standard error in a warning. */
const LAST_LINES = 3
/** Maximum total length of those lines, in characters. */
const MAX_LAST_LINES = 300

/** Reports a source's openings as events. When a source fails repeatedly, these are marked as folded, and counted. */
export class OpeningReports {
  readonly #source: Source
  readonly #clock: Clock
  readonly #emit: (event: SourceEvent) => void
  /** Failures that have been reported since the last healthy opening, by cause and file. */
  readonly #reported = new Set<string>()
  /** Number of failures since the last healthy opening. */
  #failures = 0
  /** Time of the next report of repeats, in milliseconds of the clock, and the interval to the one after it. */
  #reportAt = 0
  #betweenMs = FIRST_REPORT_AFTER_MS

  constructor(source: Source, clock: Clock, emit: (event: SourceEvent) => void) {
    this.#source = source
    this.#clock = clock
    this.#emit = emit
  }

  /** Level for an opening's own log lines, such as the standard error of a child. */
  get level(): 'info' | 'debug' {
    return this.#isFolding ? 'debug' : 'info'
  }

  /** @param waitsFor see SourceConnection. */
  opened(about: Readonly<Record<string, unknown>>, waitsFor?: string): void {
    const values = { source: this.#source.label, about, isFolded: this.#isFolding }
    if (waitsFor === undefined) this.#emit({ kind: 'source opened', ...values })
    else this.#emit({ kind: 'source waiting', ...values, waitsFor })
  }

  /** An opening whose report was folded has proved healthy. */
  recovered(about: Readonly<Record<string, unknown>>): void {
    if (!this.#isFolding) return
    this.#emit({ kind: 'source recovered', source: this.#source.label, about, failures: this.#failures })
    this.#forget()
  }

  /** @param pauseMs time until it is opened again, in milliseconds; undefined: it is not. */
  closed(ending: Ending, kind: EndKind, pauseMs?: number): void {
    const { about, livedMs, bytes, reason, failed, cause, openedAt } = ending
    const isFolded = kind === 'retried' && this.#isRepeat(ending)
    if (kind === 'retried') this.#failures++
    else if (kind === 'healthy') this.#forget()
    const stderr = failed ? this.#stderrSince(openedAt) : undefined
    const values = {
      source: this.#source.label,
      about,
      livedMs,
      bytes,
      reason,
      failed,
      cause,
      isFolded,
      pauseMs,
      stderr,
    }
    this.#emit({ kind: 'source closed', ...values })
    if (isFolded) this.#reportRepeats(ending)
  }

  get #isFolding(): boolean {
    return this.#failures >= REPORTED_IN_FULL * (this.#source.tries ?? 1)
  }

  #forget(): void {
    this.#failures = 0
    this.#reported.clear()
    this.#betweenMs = FIRST_REPORT_AFTER_MS
    this.#reportAt = 0
  }

  /** @returns whether this failure, or one like it, has already been reported in full. */
  #isRepeat({ about: { file }, reason }: Ending): boolean {
    const key = JSON.stringify([reason, file])
    const isKnown = this.#reported.has(key) || this.#reported.size >= MAX_KINDS
    if (!isKnown) this.#reported.add(key)
    return this.#isFolding && isKnown
  }

  #reportRepeats({ reason, failed, openedAt }: Ending): void {
    if (this.#clock.now() < this.#reportAt) return
    this.#reportAt = this.#clock.now() + this.#betweenMs
    const nextMs = this.#betweenMs
    this.#betweenMs = Math.min(this.#betweenMs * 2, LONGEST_BETWEEN_REPORTS_MS)
    const stderr = this.#stderrSince(openedAt)
    const values = { source: this.#source.label, failures: this.#failures, reason, failed, stderr, nextMs }
    this.#emit({ kind: 'source failed repeatedly', ...values })
  }

  #stderrSince(at: number): string | undefined {
    const lines = (this.#source.stderrTail ?? []).filter((line) => line.at >= at).slice(-LAST_LINES)
    const text = lines.map((line) => line.text).join(' | ')
    return text === '' ? undefined : text.slice(-MAX_LAST_LINES)
  }
}
