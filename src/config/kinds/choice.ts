import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

/** One of several words. */
export function choice<const T extends string>(...choices: readonly T[]): Kind<T> {
  return {
    name: 'choice',
    placeholder: choices.join('|'),
    choices,
    parse(text) {
      const chosen = choices.find((word) => word === text)
      if (chosen === undefined) throw new RefusedValue(`must be ${choices.join(' or ')}`)
      return chosen
    },
  }
}
