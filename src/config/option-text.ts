/** Texts of an option in help and the man page, beside its help text. */
import type { Option } from './option.ts'

/** Returns all names of the flag, with their dashes, the full name first. */
export function namesOf(flag: string, { alias }: Option): readonly string[] {
  return alias === undefined ? [`-${flag}`] : [`-${flag}`, `-${alias}`]
}

/** Returns the placeholder of the value, with its unit: `BYTES`, `FILE ...`; empty for a flag without a value. */
export function placeholderOf({ kind, several }: Option): string {
  return several ? `${kind.placeholder} ...` : kind.placeholder
}

/** Returns the default for display; undefined for a boolean flag that is off by default. */
export function defaultOf(option: Option): string | undefined {
  const shown = option.shown ?? option.default
  return shown === 'false' ? undefined : shown
}
