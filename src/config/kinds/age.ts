import { parseDuration } from '../../text/duration.ts'
import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

const MS_PER_DAY = 24 * 3600 * 1000
const MAX_DAYS = 36_500

/** An age of files, in milliseconds: a duration, or a number of days such as `30d`. */
export const age: Kind<number> = {
  name: 'age',
  placeholder: 'AGE',
  parse(text) {
    const [, days] = /^(\d+)d$/.exec(text) ?? []
    const ms = days === undefined ? parseDuration(text) : Number(days) * MS_PER_DAY
    if (ms <= 0) throw new RefusedValue('must be more than 0, such as 30d or 36h')
    if (ms > MAX_DAYS * MS_PER_DAY) throw new RefusedValue(`must be at most ${MAX_DAYS}d`)
    return ms
  },
}
