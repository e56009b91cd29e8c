import { formatDuration, parseDuration } from '../../text/duration.ts'
import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

interface Limits {
  /** Minimum, in milliseconds; a shorter duration is refused. */
  readonly least?: number
  /** 0 disables the feature and is accepted regardless of `least`. */
  readonly zeroIsOff?: boolean
}

/** Node fires a timer longer than 2^31 ms at once; 24 days stay below that. */
const longestMs = 24 * 24 * 3600 * 1000

/** A time, in milliseconds. */
export function duration({ least = 0, zeroIsOff = false }: Limits = {}): Kind<number> {
  return {
    name: 'duration',
    placeholder: 'TIME',
    parse(text) {
      const ms = parseDuration(text)
      if (ms === 0 && zeroIsOff) return 0
      if (ms < least) throw new RefusedValue(`must be ${zeroIsOff ? '0 or ' : ''}at least ${formatDuration(least)}`)
      if (ms > longestMs) throw new RefusedValue(`must be at most ${formatDuration(longestMs)}`)
      return ms
    },
  }
}
