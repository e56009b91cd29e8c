import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

/** A name that is one segment of a path: letters, digits, `-`, `_` and `.`. */
export const groupName: Kind<string> = {
  name: 'name',
  placeholder: 'NAME',
  parse(text) {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text)) {
      throw new RefusedValue('needs a name of letters, digits, dots, - and _, such as radio')
    }
    return text
  },
}
