/**
 * Times in UTC, as `toISOString` and `toUTCString` return them. Those, in V8, ask for the local time zone as well, which loads a megabyte
 * of ICU and its data.
 */

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

/** Returns `2026-05-31T12:00:00.000Z`. @param ms since 1970, of the years 0 to 9999 */
export function isoTime(ms: number): string {
  const at = new Date(ms)
  const date = [padded(at.getUTCFullYear(), 4), padded(at.getUTCMonth() + 1, 2), padded(at.getUTCDate(), 2)]
  return `${date.join('-')}T${timeOfDay(at)}.${padded(at.getUTCMilliseconds(), 3)}Z`
}

/** Returns `Sun, 31 May 2026 12:00:00 GMT` (RFC 9110, section 5.6.7). @param ms likewise */
export function httpDate(ms: number): string {
  const at = new Date(ms)
  const date = `${padded(at.getUTCDate(), 2)} ${MONTHS[at.getUTCMonth()]} ${padded(at.getUTCFullYear(), 4)}`
  return `${DAYS[at.getUTCDay()]}, ${date} ${timeOfDay(at)} GMT`
}

function timeOfDay(at: Date): string {
  return [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map((part) => padded(part, 2)).join(':')
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0')
}
