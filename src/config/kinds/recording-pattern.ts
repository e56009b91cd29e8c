import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

/** Conversions of strftime that a name of recordings may have. */
const CONVERSIONS = 'aAbBCdDeFgGhHIjklmMnpPrRsStTuUVwWxXyYzZ%'

/** Names of recordings: a path with conversions of strftime, and `%{stream}` and `%{title}`. */
export const recordingPattern: Kind<string> = {
  name: 'pattern',
  placeholder: 'PATTERN',
  parse(text) {
    if (text === '') throw new RefusedValue('needs the name of files such as /var/spool/radio/%F/%H.mp3')
    if (/\p{Cc}/u.test(text)) throw new RefusedValue('cannot contain a control character')
    if (text.endsWith('/')) throw new RefusedValue('is a folder, and needs the name of files such as %F/%H.mp3')
    for (const [found, letter = '', word] of text.matchAll(/%(\{([^}]*)\}|.?)/gs)) {
      if (word !== undefined ? !['stream', 'title'].includes(word) : letter === '' || !CONVERSIONS.includes(letter)) {
        throw new RefusedValue(`has "${found}", which is neither a conversion of strftime nor %{stream} or %{title}`)
      }
    }
    return text
  },
}
