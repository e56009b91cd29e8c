/** Durations as Go writes them (`150ms`, `1h15m30.9s`), to and from milliseconds. */
import { RefusedValue } from './refused-value.ts'

const unitNs: ReadonlyMap<string, number> = new Map([
  ['ns', 1],
  ['us', 1e3],
  ['µs', 1e3], // U+00B5, the micro sign
  ['μs', 1e3], // U+03BC, the Greek letter
  ['ms', 1e6],
  ['s', 1e9],
  ['m', 60e9],
  ['h', 3600e9],
])

const part = '(\\d+(?:\\.\\d*)?|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)'
const parts = new RegExp(part, 'g')
const whole = new RegExp(`^(?:${part})+$`)

/**
 * Reads a duration by Go's rules: numbers with units, joined, largest first or not; a bare `0` needs no unit.
 * @returns milliseconds, exact to the nanosecond.
 * @throws RefusedValue when the text is not a duration, is negative, or is longer than about 104 days.
 */
export function parseDuration(text: string): number {
  const size = text.replace(/^[+-]/, '')
  if (size === '0') return 0
  if (/^[\d.]*\d\.?$/.test(size)) throw new RefusedValue('needs a unit, as in 30s or 150ms')
  if (!whole.test(size)) throw new RefusedValue('needs a duration such as 150ms, 30s or 1h15m')
  const ns = nanoseconds(size)
  if (!Number.isSafeInteger(ns)) throw new RefusedValue('is too long')
  if (text.startsWith('-') && ns > 0) throw new RefusedValue('cannot be negative')
  return ns / 1e6
}

function nanoseconds(size: string): number {
  let ns = 0
  for (const [, number = '', unit = ''] of size.matchAll(parts)) {
    ns += Math.round(Number(number) * (unitNs.get(unit) ?? Number.NaN))
  }
  return ns
}

/**
 * @returns the shortest text for a number of milliseconds (to the nanosecond), as `parseDuration` reads it: `1h15m`, `2.5s`,
 * `0`.
 */
export function formatDuration(ms: number): string {
  const ns = Math.round(ms * 1e6)
  if (ns === 0) return '0'
  if (ns < 1e3) return `${ns}ns`
  if (ns < 1e6) return `${decimal(ns / 1e3)}µs`
  if (ns < 1e9) return `${decimal(ns / 1e6)}ms`
  const hours = Math.floor(ns / 3600e9)
  const minutes = Math.floor((ns % 3600e9) / 60e9)
  const secondsNs = ns % 60e9
  return `${hours ? `${hours}h` : ''}${minutes ? `${minutes}m` : ''}${secondsNs ? `${decimal(secondsNs / 1e9)}s` : ''}`
}

/** @returns the number without an exponent and without zeros at its end; nine places are a nanosecond of a second. */
function decimal(number: number): string {
  return number.toFixed(9).replace(/\.?0+$/, '')
}
