/**
 * A text that cannot be the value of an option. The message says what would be right and reads on after the flag and the
 * value: `-frame-bytes "0": must be more than 0`. It does not know the flag; whoever knows it makes a UsageError of it.
 */
export class RefusedValue extends Error {
  override readonly name = 'RefusedValue'
}
