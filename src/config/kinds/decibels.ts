import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

/** Minimum, in dBFS: below the quietest sound that 24 bits can have. */
const least = -150

/** A level in dBFS, at most 0. */
export const decibels: Kind<number> = {
  name: 'decibels',
  placeholder: 'DBFS',
  parse(text) {
    if (!/^-?\d{1,3}(?:\.\d{1,3})?$/.test(text)) throw new RefusedValue('needs a level in dBFS such as -60')
    const level = Number(text)
    if (level < least || level > 0) throw new RefusedValue(`must be from ${least} to 0, the level of full scale`)
    return level
  },
}
