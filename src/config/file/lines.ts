/** Grammar of configuration files: `[/path]` begins a section, `#` a comment; other lines are a flag, a space and its value. */

/** A line with a setting. */
export interface SettingLine {
  readonly kind: 'setting'
  /** Counted from 1. */
  readonly number: number
  /** The first word. */
  readonly name: string
  /** The rest, without surrounding spaces; undefined when it is empty. */
  readonly value: string | undefined
}

/** A line that begins a section. */
export interface SectionLine {
  readonly kind: 'section'
  /** Counted from 1. */
  readonly number: number
  /** The whole line, without surrounding spaces: `[/path]`. */
  readonly text: string
}

/** Returns the lines that are neither empty nor comments. */
export function linesOf(text: string): readonly (SettingLine | SectionLine)[] {
  return text.split('\n').flatMap((line, index): (SettingLine | SectionLine)[] => {
    const trimmed = line.trim()
    const number = index + 1
    if (trimmed.startsWith('[')) return [{ kind: 'section', number, text: trimmed }]
    const [, name, value] = /^(\S+)(?:\s+(.*))?$/s.exec(trimmed) ?? []
    return name === undefined || name.startsWith('#') ? [] : [{ kind: 'setting', number, name, value }]
  })
}
