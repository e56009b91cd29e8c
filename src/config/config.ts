import type { Kind } from './kinds/kind.ts'
import type { optionGroups } from './options.ts'

type Groups = typeof optionGroups

/** Every row of the table as a pair of its flag and its option. */
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
 * What the command line says, checked. One field an option, in camel case (`-exec` is `command`); durations are in
 * milliseconds. An option without a default is undefined when it was not given; one that takes several values has an array.
 */
export type Config = { readonly [R in Row as FieldOf<R>]: ValueOf<R[1]> }
