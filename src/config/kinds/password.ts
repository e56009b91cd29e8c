import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

const longest = 200

/** A password that programs send; SHOUTcast encoders send it as a line. */
export const password: Kind<string> = {
  name: 'password',
  placeholder: 'WORD',
  parse(text) {
    if (text === '') throw new RefusedValue('cannot be empty')
    if (/\p{Cc}/u.test(text)) throw new RefusedValue('cannot contain line breaks or other control characters')
    if (text.length > longest) throw new RefusedValue(`must be at most ${longest} characters`)
    return text
  },
}
