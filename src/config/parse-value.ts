import { RefusedValue } from '../refused-value.ts'
import { wrongValue } from './usage-error.ts'

/** @returns what `parse` makes of the text. @throws UsageError, about this flag, when it refuses the text */
export function parseValue<T>(flag: string, text: string, parse: (text: string) => T): T {
  try {
    return parse(text)
  } catch (error) {
    if (error instanceof RefusedValue) throw wrongValue(flag, text, error.message)
    throw error
  }
}
