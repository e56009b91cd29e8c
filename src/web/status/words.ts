/** Numbers and moments in words. */

const numbers = new Intl.NumberFormat('en')
const percents = new Intl.NumberFormat('en', { style: 'percent', maximumSignificantDigits: 2 })
const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })

const timeOfDay = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const dayAndTime = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
})

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

/** Returns a moment in the time zone of the reader, with its day unless that is today. */
export function momentWords(moment: string, now: number): string {
  const date = new Date(moment)
  const isToday = date.toDateString() === new Date(now).toDateString()
  return (isToday ? timeOfDay : dayAndTime).format(date)
}
