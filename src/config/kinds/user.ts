import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

// The largest number is -1 for the kernel, which means "no change" and would keep all rights.
const largestId = 2 ** 32 - 2

/** A user of the system, by number or by name. */
export const user: Kind<number | string> = {
  name: 'user',
  placeholder: 'USER',
  parse(text) {
    if (/^\d{1,10}$/.test(text) && Number(text) <= largestId) return Number(text)
    if (/^[A-Za-z_][\w.-]{0,255}\$?$/.test(text)) return text
    throw new RefusedValue('needs the name or the number of a user')
  },
}
