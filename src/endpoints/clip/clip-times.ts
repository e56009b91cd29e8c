import { parseDuration } from '../../text/duration.ts'
import { RefusedValue } from '../../text/refused-value.ts'

/** The part of a stream that a client requests, in milliseconds of the system time. */
export interface ClipTimes {
  readonly from: number
  readonly to: number
}

/** The query does not describe a part of a stream. The message is one line that says what would be right. */
export class ClipQueryError extends Error {
  override readonly name = 'ClipQueryError'
}

/** ISO 8601 with date and time. A `+` of a zone in a query is decoded as a space. */
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+\- ]\d\d(:?\d\d)?)?$/i
const EXAMPLES = '?for=30s, ?ago=90s&for=30s or ?from=2026-05-31T12:00:00Z&to=2026-05-31T12:05:00Z'

/**
 * Reads which part a query requests: it begins at `from`, or `ago` before now, and ends at `to`, or `for` later; by default now. `for`
 * alone is the last sound.
 * @param now system time, in milliseconds @param end the same of the end of the newest frame
 * @throws ClipQueryError
 */
export function clipTimes(query: URLSearchParams, now: number, end: number): ClipTimes {
  const [ago, length] = [durationIn(query, 'ago'), durationIn(query, 'for')]
  const [from, to] = [timeIn(query, 'from'), timeIn(query, 'to')]
  if (ago !== undefined && from !== undefined) throw new ClipQueryError('use either ago or from')
  if (length !== undefined && to !== undefined) throw new ClipQueryError('use either for or to')
  if (length === 0 || ago === 0) throw new ClipQueryError('ago and for must be longer than 0')
  const begin = from ?? (ago === undefined ? undefined : now - ago)
  if (begin === undefined) {
    if (length === undefined) throw new ClipQueryError(`use ${EXAMPLES}`)
    return { from: end - length, to: now }
  }
  const last = to ?? (length === undefined ? now : begin + length)
  if (last <= begin)
    throw new ClipQueryError(to === undefined ? 'from must be in the past' : 'to must be later than from')
  return { from: begin, to: Math.min(last, now) }
}

function durationIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  try {
    return parseDuration(text)
  } catch (error) {
    if (error instanceof RefusedValue) throw new ClipQueryError(`${name} ${error.message}`)
    throw error
  }
}

function timeIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  const time = ISO.test(text) ? Date.parse(text.replace(' ', '+').replace(',', '.')) : Number.NaN
  if (Number.isNaN(time)) throw new ClipQueryError(`${name} needs a time such as 2026-05-31T12:00:00Z`)
  return time
}
