import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

const longest = 200

/** A line of text in any script, used as a header field of responses, so it must not contain characters that end a field. */
export const headerText: Kind<string> = {
  name: 'text',
  placeholder: 'TEXT',
  parse(text) {
    if (/\p{Cc}/u.test(text)) throw new RefusedValue('cannot contain line breaks or other control characters')
    if (text.trim() === '') throw new RefusedValue('cannot be empty')
    if (text.length > longest) throw new RefusedValue(`must be at most ${longest} characters`)
    return text.trim()
  },
}
