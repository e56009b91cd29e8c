import { maskSecrets } from './mask-secrets.ts'

/** Maximum length of a value in the log, in characters as they are written. */
const LONGEST = 1_000
/** Maximum length that is searched for secrets, in characters: a request head may have 16 KiB. */
const MOST_LOOKED_AT = 4 * LONGEST
/** Characters that are written as six, `\u0080`. */
const ESCAPED = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu
const ESCAPED_LENGTH = 6

/**
 * Makes a value of any origin (client, file, program) safe for the log. Secrets are hidden and long text is cut, so that no
 * event can write a long line.
 */
export function logValue(value: unknown): unknown {
  if (value instanceof Error) return logText(String(value))
  return typeof value === 'string' ? logText(value) : value
}

function logText(text: string): string {
  const masked = maskSecrets(text.length > MOST_LOOKED_AT ? text.slice(0, MOST_LOOKED_AT) : text)
  if (masked.length <= LONGEST / ESCAPED_LENGTH) return masked
  const escaped = masked.slice(0, LONGEST).match(ESCAPED)?.length ?? 0
  const most = Math.max(LONGEST / ESCAPED_LENGTH, LONGEST - escaped * (ESCAPED_LENGTH - 1))
  return masked.length <= most ? masked : `${masked.slice(0, Math.floor(most))}…`
}
