import type { StderrText } from '../../status/report.ts'
import { timeWords } from '../../text/time-words.ts'
import { setText } from '../shared/element.ts'

/** Elements that show the last output of a command. */
export interface StderrParts {
  readonly box: HTMLDetailsElement
  readonly title: HTMLElement
  readonly list: HTMLElement
}

const shown = new WeakMap<HTMLElement, readonly StderrText[]>()

/** Shows the last lines that a command has written to standard error. @param now the time of the report. */
export function showStderr({ box, title, list }: StderrParts, lines: readonly StderrText[], now: number): void {
  box.hidden = lines.length === 0
  const last = lines.at(-1)
  if (last === undefined) return
  const ago = timeWords(now - Date.parse(last.at))
  setText(title, `Last output of the command (${lines.length === 1 ? '1 line' : `${lines.length} lines`}, ${ago} ago)`)
  // Text that a user may be reading or selecting is rebuilt only when it has changed.
  if (shown.get(list) === lines) return
  shown.set(list, lines)
  list.replaceChildren(...lines.map(lineOf))
}

function lineOf({ at, text }: StderrText): Element {
  const [line, time, words] = [
    document.createElement('li'),
    document.createElement('time'),
    document.createElement('code'),
  ]
  time.dateTime = at
  time.textContent = new Date(at).toLocaleTimeString()
  words.textContent = text
  line.append(time, ' ', words)
  return line
}
