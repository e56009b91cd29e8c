import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const quotedString = '"(?:[\\t !#-\\[\\]-~]|\\\\[\\t -~])*"'
// RFC 9110, section 8.3.1. It becomes a header line of responses, so other characters are not accepted.
const mediaTypeRule = new RegExp(`^${token}/${token}(?:[ \\t]*;[ \\t]*${token}=(?:${token}|${quotedString}))*$`)
const longest = 200

/** A media type, with or without parameters. */
export const mediaType: Kind<string> = {
  name: 'media-type',
  placeholder: 'TYPE',
  parse(text) {
    if (text.length > longest) throw new RefusedValue(`must be at most ${longest} characters`)
    if (!mediaTypeRule.test(text)) throw new RefusedValue('needs a media type such as audio/mpeg')
    return text
  },
}
