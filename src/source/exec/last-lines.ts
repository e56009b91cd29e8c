import type { Clock } from '../../system/clock.ts'

/** A line of a source's standard error. */
export interface StderrLine {
  /** Time of the line, in milliseconds of the clock. */
  readonly at: number
  readonly text: string
}

/** Tail of a source's standard error, oldest line first. */
export interface LastLines {
  /** A new array whenever a line was added. */
  readonly lines: readonly StderrLine[]
  add(text: string): void
}

/** Maximum number of lines. */
const MAX_LINES = 20
/** Maximum length of a line, in characters. */
const MAX_LINE = 500

export function createLastLines(clock: Clock): LastLines {
  let lines: readonly StderrLine[] = []
  return {
    get lines() {
      return lines
    },
    add(text) {
      const cut = text.length > MAX_LINE ? `${text.slice(0, MAX_LINE - 1)}…` : text
      lines = [...lines, { at: clock.now(), text: cut }].slice(-MAX_LINES)
    },
  }
}
