import type { Command } from '../plan/command.ts'

/** What one place, the command line or a file, says. Its texts are not parsed. */
export interface Given {
  /** By full name of the flag, in the order in which they were given; at least one. */
  readonly values: ReadonlyMap<string, readonly string[]>
  /** The command of `-exec`, which is parsed separately; `values` only records that the flag is present. */
  readonly command: Command | undefined
}
