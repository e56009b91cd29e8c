import type { Kind } from './kinds/kind.ts'

/** One option, complete: the parser, the type of Config, help and whatever else speaks of options read it here. */
export interface Option {
  readonly kind: Kind<unknown>
  /** `program`: one value for the whole program. `stream`: each section of a station file may have its own. */
  readonly scope: 'program' | 'stream'
  /** When a change in a file that is read again takes effect: at the next start, at once, or with a new stream at its path. */
  readonly applies: 'restart' | 'live' | 'new stream'
  /** A sentence without its full stop; goes on after the flag in help. */
  readonly help: string
  /** What holds when the flag is not given, as it would be typed. Without one, Config has undefined. */
  readonly default?: string
  /** What help says instead of `default`, for a value that needs words or is decided later. */
  readonly shown?: string
  /** Another name of the flag. */
  readonly alias?: string
  /** The name in Config, when it is not the flag's in camel case. */
  readonly field?: string
  /** It takes one or more words and may be repeated; Config has all its values, in an array. */
  readonly several?: true
  /** The value is a secret: it is never shown, and can be written as `file:PATH` or `env:NAME`; see `secretIn`. */
  readonly secret?: true
  /** The flag is a request that ends the program; it has no place in Config. */
  readonly action?: true
}
