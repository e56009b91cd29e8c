import type { SourceStatus } from '../../status/report.ts'
import { timeWords } from '../../text/time-words.ts'

/** State of a source, in words and as a colour; see `.state` in base.css. */
export interface SourceWords {
  readonly text: string
  readonly tone: '' | 'good' | 'busy' | 'bad'
  /** Its last failure, if that was recent. */
  readonly failure: string | undefined
}

/** Time for which a reopened source still shows its last failure, in milliseconds. */
const WATCHED_MS = 60_000

/** @param now the time of the report. */
export function sourceWords(
  { kind, state, since, retryAt, lastEnd, openings }: SourceStatus,
  now: number,
): SourceWords {
  const forMs = now - Date.parse(since)
  const failedMs = lastEnd?.failed ? now - Date.parse(lastEnd.at) : Number.POSITIVE_INFINITY
  const isAway = state === 'retrying' || state === 'ended'
  const isShaky = failedMs < WATCHED_MS && state !== 'closed'
  const hasFailed = lastEnd?.failed === true && (isAway || isShaky)
  const failure = hasFailed
    ? `${sentence(lastEnd.why)}, ${timeWords(failedMs)} ago. Opened ${openings === 1 ? 'once' : `${openings} times`} so far.`
    : undefined
  const words: Record<SourceStatus['state'], Pick<SourceWords, 'text' | 'tone'>> = {
    closed: { text: 'Closed, no listeners', tone: '' },
    waiting: { text: kind === 'publish' ? 'Waiting for a publisher' : 'Waiting for data', tone: '' },
    opening: { text: 'Opening', tone: 'busy' },
    open: { text: `Open for ${timeWords(forMs)}`, tone: isShaky ? 'busy' : 'good' },
    quiet: { text: `No data for ${timeWords(forMs)}`, tone: 'busy' },
    retrying: {
      text: `${hasFailed ? 'Failed' : 'Ended'}, ${retryWords(retryAt, now)}`,
      tone: hasFailed ? 'bad' : 'busy',
    },
    ended: { text: hasFailed ? 'Failed' : 'Ended', tone: hasFailed ? 'bad' : '' },
  }
  return { ...words[state], failure }
}

function retryWords(retryAt: string | null, now: number): string {
  const ms = retryAt === null ? 0 : Date.parse(retryAt) - now
  return ms < 1_000 ? 'retrying now' : `retry in ${timeWords(ms)}`
}

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
