/** Numbers in words. Times are in milliseconds. */

const numbers = new Intl.NumberFormat('en')
const percents = new Intl.NumberFormat('en', { style: 'percent', maximumSignificantDigits: 2 })
const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })

const UNITS: readonly (readonly [name: string, ms: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
]

/** Returns the largest unit and the one below it: `2 h 5 min`. */
export function timeWords(ms: number): string {
  const at = UNITS.findIndex(([, size]) => ms >= size)
  const [large, small] = at < 0 ? UNITS.slice(-1) : UNITS.slice(at)
  if (large === undefined) return ''
  const rest = small === undefined ? 0 : Math.floor((ms % large[1]) / small[1])
  const first = `${Math.max(0, Math.floor(ms / large[1]))} ${large[0]}`
  return rest === 0 || small === undefined ? first : `${first} ${rest} ${small[0]}`
}

/** `1 listener`, `1,234 listeners`. */
export function countWords(count: number, one: string): string {
  return `${numbers.format(count)} ${one}${count === 1 ? '' : 's'}`
}

export function numberWords(count: number): string {
  return numbers.format(count)
}

/** `0.31 %`. @param part from 0 to 1. */
export function percentWords(part: number): string {
  return percents.format(part)
}

/** `1.23 GB`. */
export function byteWords(bytes: number): string {
  return withPrefix(bytes, 'B')
}

/** `128 kbit/s`. */
export function rateWords(bitsPerSecond: number): string {
  return withPrefix(bitsPerSecond, 'bit/s')
}

function withPrefix(value: number, unit: string): string {
  const prefixes = ['', 'k', 'M', 'G', 'T', 'P']
  const power = Math.min(prefixes.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3))
  return `${short.format(value / 1000 ** power)} ${prefixes[power]}${unit}`
}
