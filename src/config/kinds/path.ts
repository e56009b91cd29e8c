import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

/** The path of a file, FIFO or directory; it need not exist before it is opened. */
export const path: Kind<string> = {
  name: 'path',
  placeholder: 'FILE',
  parse(text) {
    if (text === '') throw new RefusedValue('needs the name of a FIFO, a file or a directory')
    if (text.includes('\0')) throw new RefusedValue('cannot contain a zero byte')
    return text
  },
}
