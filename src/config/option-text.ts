/** What help and the man page say of an option beside its help text. */
import type { Option } from './option.ts'

/** @returns every name of the flag, with its dash, the full one first. */
export function namesOf(flag: string, { alias }: Option): readonly string[] {
  return alias === undefined ? [`-${flag}`] : [`-${flag}`, `-${alias}`]
}

/** @returns what stands for the value, with its unit: `BYTES`, `FILE ...`; empty for a switch. */
export function placeholderOf({ kind, several }: Option): string {
  return several ? `${kind.placeholder} ...` : kind.placeholder
}

/** @returns what holds when the flag is not given; nothing for a switch that is off: it says so by being a switch. */
export function defaultOf(option: Option): string | undefined {
  const shown = option.shown ?? option.default
  return shown === 'false' ? undefined : shown
}
