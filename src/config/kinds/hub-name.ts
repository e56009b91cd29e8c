import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

/** Maximum length, in bytes: each may take three characters of a subject, and servers limit those. */
const MAX_BYTES = 200

/** A name on the hub: of a stream, or of a program. */
export const hubName: Kind<string> = {
  name: 'name',
  placeholder: 'NAME',
  parse(text) {
    if (text === '*') throw new RefusedValue('means all streams, and cannot be the name of one')
    if (text === '' || text.trim() !== text || /\p{Cc}/u.test(text))
      throw new RefusedValue('needs a name such as radio')
    if (Buffer.byteLength(text) > MAX_BYTES) throw new RefusedValue(`must be at most ${MAX_BYTES} bytes`)
    return text
  },
}
