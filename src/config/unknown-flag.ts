import { flagNames } from './flags.ts'
import { nearest } from './nearest.ts'
import { quoted, UsageError } from './usage-error.ts'

/** Returns the error about an unknown flag. @param name the flag as typed, without its dash. */
export function unknownFlag(name: string): UsageError {
  const message = `${quoted(`-${name}`).slice(1, -1)}: no such flag; the nearest is -${nearest(name, flagNames)}`
  return new UsageError(message, name, undefined)
}
