/** Conversions of strftime (POSIX, and GNU's `%k`, `%l`, `%P` and `%s`) in the locale C and the local time zone. */

/** One conversion. */
interface Conversion {
  format(date: Date): string
  /** Regular expression of the texts that it formats to. */
  readonly texts: string
}

const DAY_MS = 86_400_000
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** Abbreviations of several conversions. */
const COMPOSED: Readonly<Record<string, string>> = {
  D: '%m/%d/%y',
  F: '%Y-%m-%d',
  h: '%b',
  r: '%I:%M:%S %p',
  R: '%H:%M',
  T: '%H:%M:%S',
  x: '%m/%d/%y',
  X: '%H:%M:%S',
}

const CONVERSIONS: Readonly<Record<string, Conversion>> = {
  a: { format: (date) => nameOfDay(date).slice(0, 3), texts: '[A-Z][a-z]{2}' },
  A: { format: nameOfDay, texts: '[A-Z][a-z]+day' },
  b: { format: (date) => nameOfMonth(date).slice(0, 3), texts: '[A-Z][a-z]{2}' },
  B: { format: nameOfMonth, texts: '[A-Z][a-z]+' },
  C: digits(2, (date) => Math.floor(date.getFullYear() / 100)),
  d: digits(2, (date) => date.getDate()),
  e: digits(2, (date) => date.getDate(), ' '),
  g: digits(2, (date) => isoYear(date) % 100),
  G: digits(4, isoYear),
  H: digits(2, (date) => date.getHours()),
  I: digits(2, hourOfHalf),
  j: digits(3, (date) => dayOfYear(date) + 1),
  k: digits(2, (date) => date.getHours(), ' '),
  l: digits(2, hourOfHalf, ' '),
  m: digits(2, (date) => date.getMonth() + 1),
  M: digits(2, (date) => date.getMinutes()),
  // Line ends and tabulators do not belong into names.
  n: { format: () => '_', texts: '_' },
  p: { format: (date) => (date.getHours() < 12 ? 'AM' : 'PM'), texts: '[AP]M' },
  P: { format: (date) => (date.getHours() < 12 ? 'am' : 'pm'), texts: '[ap]m' },
  s: { format: (date) => `${Math.floor(date.getTime() / 1000)}`, texts: String.raw`\d+` },
  S: digits(2, (date) => date.getSeconds()),
  t: { format: () => '_', texts: '_' },
  u: digits(1, (date) => date.getDay() || 7),
  U: digits(2, (date) => Math.floor((dayOfYear(date) + 7 - date.getDay()) / 7)),
  V: digits(2, isoWeek),
  w: digits(1, (date) => date.getDay()),
  W: digits(2, (date) => Math.floor((dayOfYear(date) + 7 - ((date.getDay() + 6) % 7)) / 7)),
  y: digits(2, (date) => date.getFullYear() % 100),
  Y: digits(4, (date) => date.getFullYear()),
  z: { format: offsetOf, texts: String.raw`[+-]\d{4}` },
  Z: { format: zoneOf, texts: String.raw`[A-Za-z0-9:+-]+` },
  '%': { format: () => '%', texts: '%' },
}

/** Replaces abbreviations, such as `%F`, by the conversions that they mean. */
export function decomposed(pattern: string): string {
  return pattern.replaceAll(/%(.)/g, (found, letter: string) => COMPOSED[letter] ?? found)
}

/** Returns the conversion of a letter. @throws TypeError when there is none, or it is an abbreviation */
export function conversionOf(letter: string): Conversion {
  const found = CONVERSIONS[letter]
  if (found === undefined) throw new TypeError(`%${letter} is not a conversion`)
  return found
}

function digits(width: number, read: (date: Date) => number, padding = '0'): Conversion {
  return {
    format: (date) => `${read(date)}`.padStart(width, padding),
    texts: padding === '0' ? String.raw`\d{${width},}` : String.raw`[ \d]\d`,
  }
}

function nameOfDay(date: Date): string {
  return DAYS[date.getDay()] ?? ''
}

function nameOfMonth(date: Date): string {
  return MONTHS[date.getMonth()] ?? ''
}

function hourOfHalf(date: Date): number {
  return date.getHours() % 12 || 12
}

/** Days since the first of January. The length of a day is not always 24 hours. */
function dayOfYear(date: Date): number {
  const [year, month, day] = [date.getFullYear(), date.getMonth(), date.getDate()]
  return (Date.UTC(year, month, day) - Date.UTC(year, 0, 1)) / DAY_MS
}

/** Returns the Thursday of the same week, whose year is that of the week (ISO 8601). */
function thursdayOf(date: Date): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 4 - (date.getDay() || 7), 12)
}

function isoYear(date: Date): number {
  return thursdayOf(date).getFullYear()
}

function isoWeek(date: Date): number {
  return Math.floor(dayOfYear(thursdayOf(date)) / 7) + 1
}

function offsetOf(date: Date): string {
  const minutes = -date.getTimezoneOffset()
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `${minutes < 0 ? '-' : '+'}${`${hours}`.padStart(2, '0')}${`${rest}`.padStart(2, '0')}`
}

/** Abbreviation of the time zone. Each locale knows those of its region, and has differences such as `GMT+2` for the rest. */
function zoneOf(date: Date): string {
  const names = ['en-US', 'en-GB', 'en-AU', 'en-IN'].map((locale) => {
    const parts = new Intl.DateTimeFormat(locale, { timeZoneName: 'short' }).formatToParts(date)
    return parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
  })
  return names.find((name) => /^[A-Z]+$/.test(name)) ?? names[0] ?? 'UTC'
}
