/** Values of flags that shells complete. */
import { optionsByFlag } from '../flags.ts'
import type { Option } from '../option.ts'
import { namesOf } from '../option-text.ts'

/** Candidates for a value: listed words, and files or users of the system. */
export interface Completed {
  readonly words: readonly string[]
  readonly things: 'files' | 'users' | undefined
}

const thingsOfKind: ReadonlyMap<string, Completed['things']> = new Map([
  ['path', 'files'],
  ['filter', 'files'],
  ['user', 'users'],
])

export function completedOf({ kind }: Option): Completed {
  return { words: kind.choices ?? [], things: thingsOfKind.get(kind.name) }
}

/** Returns all names, with their dashes, of the flags that meet a condition. */
export function namesWhere(holds: (option: Option) => boolean): readonly string[] {
  return [...optionsByFlag].flatMap(([flag, option]) => (holds(option) ? namesOf(flag, option) : []))
}
