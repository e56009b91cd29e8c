import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

const longest = 200

/** The name of a user who logs in over HTTP; it cannot have a colon, which ends it there (RFC 7617, section 2). */
export const account: Kind<string> = {
  name: 'account',
  placeholder: 'NAME',
  parse(text) {
    if (text === '' || text.length > longest || /[:\p{Cc}]/u.test(text)) {
      throw new RefusedValue(`needs a name of 1 to ${longest} characters without a colon`)
    }
    return text
  },
}
