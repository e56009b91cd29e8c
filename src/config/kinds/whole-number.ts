import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

interface Limits {
  readonly least?: number
  readonly most?: number
}

/** A number without a unit. */
export function count(placeholder: string, limits: Limits = {}): Kind<number> {
  return wholeNumber('count', placeholder, 'a whole number such as 64', limits)
}

/** A size in bytes. */
export function bytes(limits: Limits = {}): Kind<number> {
  return wholeNumber('bytes', 'BYTES', 'a whole number of bytes such as 65536', limits)
}

/** A rate in bytes per second. */
export const bytesPerSecond = wholeNumber('bytes-per-second', 'BYTES/S', 'a whole number of bytes per second', {})

function wholeNumber(name: string, placeholder: string, wanted: string, limits: Limits): Kind<number> {
  const { least = 0, most = Number.MAX_SAFE_INTEGER } = limits
  return {
    name,
    placeholder,
    parse(text) {
      const value = parseDigits(text, wanted)
      if (value < least) throw new RefusedValue(`must be more than ${least - 1}`)
      if (value > most) throw new RefusedValue(`must be at most ${most}`)
      return value
    },
  }
}

/** Plain decimal digits only: Go would read `010` as eight and `0x10` as sixteen, so such input is ambiguous. */
function parseDigits(text: string, wanted: string): number {
  if (/^-\d+$/.test(text)) throw new RefusedValue('cannot be negative')
  if (!/^\d+$/.test(text)) throw new RefusedValue(`needs ${wanted}`)
  if (/^0\d/.test(text)) throw new RefusedValue('must be written without leading zeros')
  return Number(text)
}
