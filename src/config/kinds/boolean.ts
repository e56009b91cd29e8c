import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

// The words of Go's strconv.ParseBool.
const spellings: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((text) => [text, true] as const),
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map((text) => [text, false] as const),
])

/** Returns the value of a word; undefined when it is not one of the above. */
export function parseBoolean(text: string): boolean | undefined {
  return spellings.get(text)
}

/** On or off. The flag alone is on; off is `-flag=false`. */
export const boolean: Kind<boolean> = {
  name: 'boolean',
  placeholder: '',
  bare: 'true',
  choices: ['true', 'false'],
  parse(text) {
    const value = parseBoolean(text)
    if (value === undefined) throw new RefusedValue('must be true or false')
    return value
  },
}
