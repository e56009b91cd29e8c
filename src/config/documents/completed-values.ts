/** What can be completed after a flag. */
import { optionsByFlag } from '../flags.ts'
import type { Option } from '../option.ts'
import { namesOf } from '../option-text.ts'

/** What there is to choose from: words that are listed, and things of the system. */
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

/** @returns every name of every flag for which it holds, with its dash. */
export function namesWhere(holds: (option: Option) => boolean): readonly string[] {
  return [...optionsByFlag].flatMap(([flag, option]) => (holds(option) ? namesOf(flag, option) : []))
}
