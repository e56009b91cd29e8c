import { RefusedValue } from '../text/refused-value.ts'
import type { Option } from './option.ts'
import { isReference, secretIn } from './secret.ts'
import { wrongSecret, wrongValue } from './usage-error.ts'

/** @returns what `parse` makes of the text. @throws UsageError, about this flag, when it refuses the text */
export function parseValue<T>(flag: string, text: string, parse: (text: string) => T): T {
  try {
    return parse(text)
  } catch (error) {
    if (error instanceof RefusedValue) throw wrongValue(flag, text, error.message)
    throw error
  }
}

/** @returns the value that an option has by this text. @throws UsageError, without the text where it is a secret */
export function parseOption(flag: string, { kind, secret }: Option, text: string): unknown {
  if (!secret) return parseValue(flag, text, (word) => kind.parse(word))
  try {
    return kind.parse(secretIn(text))
  } catch (error) {
    if (!(error instanceof RefusedValue)) throw error
    throw isReference(text) ? wrongValue(flag, text, error.message) : wrongSecret(flag, error.message)
  }
}
