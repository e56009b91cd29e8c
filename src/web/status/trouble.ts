import type { StatusReport, Trouble } from '../../status/report.ts'
import { element } from '../shared/element.ts'
import { idOf, nameOf } from './stream-card.ts'
import { countWords, momentWords } from './words.ts'

/** Maximum number of troubles that are listed: the streams below show theirs too. */
const MOST_LISTED = 10

let shown = ''

/**
 * Shows what is wrong, and that nothing is. The text changes, and is read aloud, only when the troubles do, not as time passes.
 * @param now the time of the report.
 */
export function showTroubles({ troubles, program }: StatusReport, now: number): void {
  const key = JSON.stringify([troubles, program.name])
  if (key === shown) return
  shown = key
  const errors = troubles.filter(({ severity }) => severity === 'error')
  document.title = errors.length === 0 ? 'Status' : `Status (${countWords(errors.length, 'problem')})`
  const box = element('#trouble', HTMLElement)
  const items: Element[] = troubles.slice(0, MOST_LISTED).map((trouble) => itemOf(trouble, program.name, now))
  if (troubles.length > MOST_LISTED) items.push(moreItem(troubles.length - MOST_LISTED))
  box.replaceChildren(headingOf(troubles.length, errors.length), ...(items.length === 0 ? [] : [listOf(items)]))
}

function headingOf(all: number, errors: number): Element {
  const heading = document.createElement('h2')
  heading.className = 'state'
  heading.dataset['state'] = errors > 0 ? 'bad' : 'good'
  heading.textContent = headingWords(all, errors)
  return heading
}

function headingWords(all: number, errors: number): string {
  if (errors > 0) return `${countWords(errors, 'problem')}${all > errors ? ', and more to know' : ''}`
  return all === 0 ? 'Nothing is wrong.' : 'Nothing fails, but this is worth knowing:'
}

function listOf(items: readonly Element[]): Element {
  const list = document.createElement('ul')
  list.setAttribute('role', 'list')
  list.append(...items)
  return list
}

function itemOf({ severity, stream, since, text }: Trouble, station: string | null, now: number): Element {
  const [item, sentence, time] = [
    document.createElement('li'),
    document.createElement('p'),
    document.createElement('time'),
  ]
  item.className = severity === 'error' ? 'notice bad' : 'notice'
  time.className = 'quiet small'
  time.dateTime = since
  time.textContent = `Since ${momentWords(since, now)}`
  sentence.append(...(stream === null ? [] : [linkTo(stream, station), ': ']), text)
  item.append(sentence, time)
  return item
}

function moreItem(count: number): Element {
  const item = document.createElement('li')
  item.className = 'quiet'
  item.textContent = `… and ${count} more`
  return item
}

function linkTo(path: string, station: string | null): Element {
  const link = document.createElement('a')
  link.href = `#${idOf(path)}`
  link.textContent = nameOf(path, station)
  link.addEventListener('click', () => openDetails(idOf(path)))
  return link
}

function openDetails(id: string): void {
  document.getElementById(id)?.querySelector('details')?.setAttribute('open', '')
}
