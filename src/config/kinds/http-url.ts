import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

/** An address of HTTP or HTTPS, which may have a user and a password. */
export const httpUrl: Kind<string> = {
  name: 'url',
  placeholder: 'URL',
  parse(text) {
    if (!/^https?:\/\/[^/]/i.test(text)) throw new RefusedValue('needs an address such as https://radio.example/listen')
    if (!URL.canParse(text) || /[\s\p{Cc}]/u.test(text))
      throw new RefusedValue('is not a valid URL such as https://radio.example/listen')
    return text
  },
}
