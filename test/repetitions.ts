/** Tests that repeat one thing do it a few times with all others, and many times with `npm run test:long`. */
export const isLongRun = process.env['LONG_TESTS'] !== undefined

/** Returns the number of times, or of seconds, of this run. */
export function repetitions(usual: number, long: number): number {
  return isLongRun ? long : usual
}
