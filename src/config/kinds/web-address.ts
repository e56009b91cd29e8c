import { RefusedValue } from '../../text/refused-value.ts'
import { isWebAddress, MAX_WEB_ADDRESS } from '../../text/web-address.ts'
import type { Kind } from './kind.ts'

/** The address of a page. */
export const webAddress: Kind<string> = {
  name: 'url',
  placeholder: 'URL',
  parse(text) {
    if (text.length > MAX_WEB_ADDRESS) throw new RefusedValue(`must be at most ${MAX_WEB_ADDRESS} characters`)
    if (text.includes("'")) throw new RefusedValue('cannot contain an apostrophe; it is written %27')
    if (!isWebAddress(text)) {
      throw new RefusedValue('needs an address such as https://radio.example/, in ASCII')
    }
    return text
  },
}
