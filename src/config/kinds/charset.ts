import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

/** An encoding of text, by any of its labels in the WHATWG's Encoding Standard. */
export const charset: Kind<string> = {
  name: 'charset',
  placeholder: 'CHARSET',
  parse(text) {
    const encoding = encodingOf(text)
    if (encoding === undefined) throw new RefusedValue('must be an encoding such as windows-1251, shift_jis or gbk')
    if (encoding.startsWith('utf-16')) throw new RefusedValue('cannot be UTF-16, which is always recognized')
    return encoding
  },
}

function encodingOf(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding
  } catch {
    return undefined
  }
}
