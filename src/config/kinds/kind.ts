/** What values an option takes, and how they are written. */
export interface Kind<T> {
  /** For completions and other tools that treat kinds differently. */
  readonly name: string
  /** What stands for the value in help, with its unit: `BYTES`, `TIME`. */
  readonly placeholder: string
  /** The value meant when the flag stands alone; without it, the flag needs a value. */
  readonly bare?: string
  /** All values there are, when they can be listed. */
  readonly choices?: readonly string[]
  /** @throws RefusedValue whose message says what would be right. */
  parse(text: string): T
}
