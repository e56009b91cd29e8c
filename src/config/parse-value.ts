import { RefusedValue } from '../text/refused-value.ts'
import type { Option } from './option.ts'
import { isReference, secretIn } from './secret.ts'
import { wrongSecret, wrongValue } from './usage-error.ts'

/** Parses the text of a flag. @throws UsageError about this flag when `parse` refuses the text */
export function parseValue<T>(flag: string, text: string, parse: (text: string) => T): T {
  try {
    return parse(text)
  } catch (error) {
    if (error instanceof RefusedValue) throw wrongValue(flag, text, error.message)
    throw error
  }
}

/** Returns the value of an option for a text. @throws UsageError, without the text if it is a secret */
export function parseOption(flag: string, { kind, secret }: Option, text: string): unknown {
  if (!secret) return parseValue(flag, text, (word) => kind.parse(word))
  try {
    return kind.parse(secretIn(text))
  } catch (error) {
    if (!(error instanceof RefusedValue)) throw error
    throw isReference(text) ? wrongValue(flag, text, error.message) : wrongSecret(flag, error.message)
  }
}
