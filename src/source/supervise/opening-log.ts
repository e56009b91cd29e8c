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

/** What follows an opening: the source was closed on purpose, it was healthy, or it failed or was short and is retried. */
type AfterEnding = 'stopped' | 'healthy' | 'retried'

/** Log of a source's openings. When a source fails repeatedly, repeats are counted instead of logged. */
export interface OpeningLog {
  /** Level for an opening's own log lines, such as the standard error of a child. */
  readonly level: 'info' | 'debug'
  /** @param waitsFor see Opening. */
  opened(about: Readonly<Record<string, unknown>>, waitsFor?: string): void
  /** An opening that was not logged has proved healthy. */
  recovered(about: Readonly<Record<string, unknown>>): void
  closed(ending: Ending, after: AfterEnding): void
}

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

export function createOpeningLog(source: Source, clock: Clock, log: Logger): OpeningLog {
  const { label } = source
  const kinds = new Set<string>()
  let failures = 0
  let reportAt = 0
  let betweenMs = FIRST_REPORT_AFTER_MS
  const isFolding = () => failures >= LOGGED_IN_FULL * (source.tries ?? 1)
  const forget = () => {
    failures = 0
    kinds.clear()
    betweenMs = FIRST_REPORT_AFTER_MS
    reportAt = 0
  }

  /** @returns whether this kind of failure has already been logged. */
  function isRepeat({ about: { file }, cause }: Ending): boolean {
    const kind = JSON.stringify([cause, file])
    const isKnown = kinds.has(kind) || kinds.size >= MAX_KINDS
    if (!isKnown) kinds.add(kind)
    return isFolding() && isKnown
  }

  function reportRepeats({ cause, failed, openedAt }: Ending): void {
    if (clock.now() < reportAt) return
    reportAt = clock.now() + betweenMs
    const next = formatDuration(betweenMs)
    betweenMs = Math.min(betweenMs * 2, LONGEST_BETWEEN_REPORTS_MS)
    log.warn(failed ? 'source keeps failing' : 'source keeps ending', {
      source: label,
      failures,
      cause,
      stderr: stderrSince(openedAt),
      next,
    })
  }

  function stderrSince(at: number): string | undefined {
    const lines = (source.stderrTail ?? []).filter((line) => line.at >= at).slice(-LAST_LINES)
    const text = lines.map((line) => line.text).join(' | ')
    return text === '' ? undefined : text.slice(-MAX_LAST_LINES)
  }

  return {
    get level() {
      return isFolding() ? 'debug' : 'info'
    },
    opened(about, waitsFor) {
      const level = isFolding() ? 'debug' : 'info'
      if (waitsFor === undefined) log[level]('source opened', { source: label, ...about })
      else log[level](`waiting for ${waitsFor}`, { source: label, ...about })
    },
    recovered(about) {
      if (!isFolding()) return
      log.info('source opened', { source: label, ...about, failures })
      forget()
    },
    closed(ending, after) {
      const { about, livedMs, bytes, cause, failed, openedAt } = ending
      const values = { source: label, ...about, uptime: `${(livedMs / 1000).toFixed(1)}s`, bytes, cause }
      if (after === 'retried' && isRepeat(ending)) {
        failures++
        log.debug('source closed', values)
        return reportRepeats(ending)
      }
      if (after === 'retried') failures++
      else if (after === 'healthy') forget()
      if (failed) log.warn('source closed', { ...values, stderr: stderrSince(openedAt) })
      else log.info('source closed', values)
    },
  }
}
