/** The type of an option's values, and their syntax. */
export interface Kind<T> {
  /** Name of the kind, for completions. */
  readonly name: string
  /** Placeholder of the value in help, with its unit: `BYTES`, `TIME`. */
  readonly placeholder: string
  /** Value of a flag without a value; undefined: the flag needs a value. */
  readonly bare?: string
  /** All values, if they can be listed. */
  readonly choices?: readonly string[]
  /** @throws RefusedValue whose message describes the correct form. */
  parse(text: string): T
}
