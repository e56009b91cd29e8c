import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

const longest = 500
// Visible ASCII, as in RFC 3986. An apostrophe would end the address in ICY metadata.
const webAddressRule = /^https?:\/\/[!-&(-~]+$/i

/** The address of a page. */
export const webAddress: Kind<string> = {
  name: 'url',
  placeholder: 'URL',
  parse(text) {
    if (text.length > longest) throw new RefusedValue(`must be at most ${longest} characters`)
    if (text.includes("'")) throw new RefusedValue('cannot contain an apostrophe; it is written %27')
    if (!webAddressRule.test(text) || !URL.canParse(text)) {
      throw new RefusedValue('needs an address such as https://radio.example/, in ASCII')
    }
    return text
  },
}
