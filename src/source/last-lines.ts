import type { Clock } from '../system/clock.ts'

/** A line that a source has said. */
export interface SaidLine {
  /** When, in milliseconds of the clock. */
  readonly at: number
  readonly text: string
}

/** The last lines that a source has said, oldest first. */
export interface LastLines {
  /** Another array whenever there is something new. */
  readonly lines: readonly SaidLine[]
  add(text: string): void
}

const MOST_LINES = 20
/** In characters. */
const LONGEST_LINE = 500

export function createLastLines(clock: Clock): LastLines {
  let lines: readonly SaidLine[] = []
  return {
    get lines() {
      return lines
    },
    add(text) {
      const cut = text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE - 1)}…` : text
      lines = [...lines, { at: clock.now(), text: cut }].slice(-MOST_LINES)
    },
  }
}
