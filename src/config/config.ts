import type { Kind } from './kinds/kind.ts'
import type { optionGroups } from './options.ts'

type Groups = typeof optionGroups

/** Each row of the table, as a pair of its flag and its option. */
type Row = {
  [G in keyof Groups]: { [F in keyof Groups[G]]: [flag: F, option: Groups[G][F]] }[keyof Groups[G]]
}[keyof Groups]

type CamelCase<S> = S extends `${infer Head}-${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}` : S & string

type FieldOf<R extends Row> = R[1] extends { action: true }
  ? never
  : R[1] extends { field: infer Field extends string }
    ? Field
    : CamelCase<R[0]>

type ValueOf<O> = O extends { kind: Kind<infer T> }
  ? O extends { several: true }
    ? readonly T[] | undefined
    : O extends { default: string }
      ? T
      : T | undefined
  : never

/**
 * The options, parsed and checked. Each has a field in camel case (`-exec` is `command`). Durations are in milliseconds. An
 * option without a value and a default is undefined; an option with several values is an array.
 */
export type Config = { readonly [R in Row as FieldOf<R>]: ValueOf<R[1]> }
