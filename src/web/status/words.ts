/** Numbers in words. */

const numbers = new Intl.NumberFormat('en')
const percents = new Intl.NumberFormat('en', { style: 'percent', maximumSignificantDigits: 2 })
const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })

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
