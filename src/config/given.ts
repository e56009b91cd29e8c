import type { Command } from '../plan/command.ts'

/** Flags of the command line or of a file, with their texts, which are not parsed yet. */
export interface Given {
  /** At least one text per flag, by its full name, in the given order. */
  readonly values: ReadonlyMap<string, readonly string[]>
  /** The command of `-exec`, which is parsed separately; `values` only records that the flag is present. */
  readonly command: Command | undefined
}
