import type { FieldValue } from '../events/event-table.ts'

/** Maximum length of a value, in characters: the kernel limits each variable to 128 KiB, and all of them together. */
const MAX_LENGTH = 4_000

/**
 * Returns the fields of an event as environment variables: `secondsUp` as `STREAMSERVE_SECONDS_UP`, null as empty. A value cannot
 * have NUL, which is removed.
 */
export function eventEnvironment(fields: Readonly<Record<string, FieldValue>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([field, value]) => [nameOf(field), textOf(value)]))
}

function nameOf(field: string): string {
  return `STREAMSERVE_${field.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
}

function textOf(value: FieldValue): string {
  const text = String(value ?? '').replaceAll('\0', '')
  // Not between the halves of a surrogate pair.
  return text.slice(0, MAX_LENGTH).replace(/[\uD800-\uDBFF]$/, '')
}
