import type { TitleStatus } from '../../status/report.ts'
import { setText } from '../shared/element.ts'
import { momentWords } from './words.ts'

/** Elements that show the titles of a stream. */
export interface TitleParts {
  readonly box: HTMLDetailsElement
  readonly heading: HTMLElement
  readonly list: HTMLElement
}

const shown = new WeakMap<HTMLElement, readonly TitleStatus[]>()

/** Shows the last titles, newest first. @param now the time of the report. */
export function showTitles({ box, heading, list }: TitleParts, titles: readonly TitleStatus[], now: number): void {
  box.hidden = titles.length === 0
  // Text that a user may be reading or selecting is rebuilt only when it has changed.
  if (shown.get(list) === titles) return
  shown.set(list, titles)
  setText(heading, titles.length === 1 ? 'Last title' : `Last ${titles.length} titles`)
  list.replaceChildren(...titles.map((title) => lineOf(title, now)))
}

function lineOf({ title, since }: TitleStatus, now: number): Element {
  const [line, time, words] = [
    document.createElement('li'),
    document.createElement('time'),
    document.createElement('span'),
  ]
  time.dateTime = since
  time.textContent = momentWords(since, now)
  words.textContent = title
  line.append(time, ' ', words)
  return line
}
