import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

/** A scheme, a host, whose first label may be a wildcard, and a port (CSP Level 3, section 2.3.1). */
const SOURCE =
  /^(?:https?:(?:\/\/(?:\*\.)?[\w.-]+(?::(?:\d{1,5}|\*))?)?|(?:\*\.)?[\w-]+(?:\.[\w-]+)+(?::(?:\d{1,5}|\*))?)$/i
const KEYWORDS: Readonly<Record<string, string>> = { none: "'none'", self: "'self'" }
/** Maximum length, in characters: the value is part of a header field. */
const LONGEST = 1_000

/** Sites that may embed a page of this server in a frame, as the value of CSP's `frame-ancestors`. */
export const frameAncestors: Kind<string> = {
  name: 'frame-ancestors',
  placeholder: 'PAGES',
  parse(text) {
    const words = text.split(/[ ,]+/).filter(Boolean)
    if (text.length > LONGEST) throw new RefusedValue(`must be at most ${LONGEST} characters`)
    if (words.length === 0) throw new RefusedValue('needs *, none, self, or addresses such as https://radio.example')
    if (words.length > 1 && words.some((word) => word === '*' || plain(word) === 'none')) {
      throw new RefusedValue('cannot combine * or none with other values')
    }
    return words.map(sourceOf).join(' ')
  },
}

function sourceOf(word: string): string {
  const keyword = KEYWORDS[plain(word)]
  if (keyword !== undefined || word === '*') return keyword ?? word
  if (SOURCE.test(word)) return word
  throw new RefusedValue('needs *, none, self, or addresses such as https://radio.example')
}

/** CSP writes its keywords in quotes. */
function plain(word: string): string {
  return word.replace(/^'(.*)'$/, '$1').toLowerCase()
}
