import type { Logger } from '@logtape/logtape'
import type { Clock } from '../system/clock.ts'
import { formatDuration } from '../text/duration.ts'
import type { Source } from './source.ts'

/** Result of one open-close cycle, as the log reports it. */
export interface Ending {
  readonly about: Readonly<Record<string, unknown>>
  readonly livedMs: number
  readonly bytes: number
  /** Why it ended, in one line. */
  readonly cause: string
  readonly failed: boolean
  /** When it was opened, in milliseconds of the clock. */
  readonly openedAt: number
}

/** What follows an opening: the source was closed on purpose, it did well, or it failed or was short and is retried. */
type AfterEnding = 'stopped' | 'healthy' | 'retried'

/** Log of a source's openings. Of a source that fails again and again the repeats are counted in place of logged. */
export interface OpeningLog {
  /** Level of what an opening logs by itself, such as the standard error of a child. */
  readonly level: 'info' | 'debug'
  /** @param waitsFor see Opening. */
  opened(about: Readonly<Record<string, unknown>>, waitsFor?: string): void
  /** An opening that was not logged has proved healthy. */
  recovered(about: Readonly<Record<string, unknown>>): void
  closed(ending: Ending, after: AfterEnding): void
}

/** Failures in a row that are logged in full. */
const LOGGED_IN_FULL = 3
/** Time from one report of repeats to the next, in milliseconds: doubled each time. */
const FIRST_REPORT_AFTER_MS = 60_000
const LONGEST_BETWEEN_REPORTS_MS = 3_600_000
/** Maximum number of different failures that are told apart; later ones count as repeats. */
const MAX_KINDS = 100
/** Last lines of standard error that a warning shows. */
const LAST_LINES = 3
/** Maximum length of those together, in characters. */
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

  /** @returns whether it is one more failure of a kind that has been logged. */
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
    const lines = (source.said ?? []).filter((line) => line.at >= at).slice(-LAST_LINES)
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
