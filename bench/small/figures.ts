/** A table of `bench/small`, and which of its aims were missed. */
export interface Figures {
  readonly titles: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** One line for each figure that is above its aim. */
  readonly missed: readonly string[]
}
