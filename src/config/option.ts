import type { Kind } from './kinds/kind.ts'

/** The definition of one option, for the parser, the type of Config, help and all other users of options. */
export interface Option {
  readonly kind: Kind<unknown>
  /** `program`: one value for the whole program. `stream`: each section of a station file may have its own. */
  readonly scope: 'program' | 'stream'
  /** Effect of a change at a reload: none before the next start, at once, or a new stream at the same path. */
  readonly applies: 'restart' | 'live' | 'new stream'
  /** Help text, after the flag: a sentence without its full stop. */
  readonly help: string
  /** Default value, as typed; undefined: Config has undefined. */
  readonly default?: string
  /** Default in help, if `default` needs an explanation or is determined later. */
  readonly shown?: string
  /** Another name of the flag. */
  readonly alias?: string
  /** Name of the field in Config, if it differs from the flag in camel case. */
  readonly field?: string
  /** It takes one or more words and may be repeated; its field in Config is an array. */
  readonly several?: true
  /** The value is a secret: it is never shown, and can be written as `file:PATH` or `env:NAME`; see `secretIn`. */
  readonly secret?: true
  /** The flag is a request that ends the program, and has no field in Config. */
  readonly action?: true
}
