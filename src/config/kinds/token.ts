import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

/** Unreserved characters of URLs (RFC 3986, section 2.3), because a token may be part of a link. */
const tokenRule = /^[\w.~-]+$/
const shortest = 8
const longest = 200

/** A secret that a person types, or receives in a link. */
export const token: Kind<string> = {
  name: 'token',
  placeholder: 'TOKEN',
  parse(text) {
    if (text.length < shortest)
      throw new RefusedValue(`must have at least ${shortest} characters, so that it cannot be guessed`)
    if (text.length > longest) throw new RefusedValue(`must be at most ${longest} characters`)
    if (!tokenRule.test(text))
      throw new RefusedValue('may only contain letters, digits, dots, dashes, tildes and underscores')
    return text
  },
}
