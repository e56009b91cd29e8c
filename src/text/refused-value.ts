/**
 * A text that cannot be the value of an option. The message names the valid values and continues after the flag and the value:
 * `-frame-bytes "0": must be more than 0`. It has no flag: the caller that knows it throws a UsageError instead.
 */
export class RefusedValue extends Error {
  override readonly name = 'RefusedValue'
}
