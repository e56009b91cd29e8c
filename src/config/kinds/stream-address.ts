import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

/** The address of a stream on another server; it may have a user and a password. */
export const streamAddress: Kind<string> = {
  name: 'url',
  placeholder: 'URL',
  parse(text) {
    if (!/^https?:\/\//i.test(text)) throw new RefusedValue('needs an address such as http://radio.example:8000/live')
    if (!URL.canParse(text) || /[\s\p{Cc}]/u.test(text))
      throw new RefusedValue('is not a valid URL such as http://radio.example:8000/live')
    return text
  },
}
