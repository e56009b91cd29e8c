import type { StatusReport } from '../../status/report.ts'
import { element } from '../shared/element.ts'
import { sourceWords } from './source-words.ts'
import { idOf, nameOf } from './stream-card.ts'
import { countWords } from './words.ts'

let shown = ''

/**
 * Names the streams that need attention; the text changes, and is read aloud, only when the streams do.
 * @param isSeenAnyway whether the page shows the details of all streams.
 */
export function showTrouble({ streams, program }: StatusReport, now: number, isSeenAnyway: boolean): void {
  const troubled = streams.filter(({ source }) => sourceWords(source, now).isTrouble).map(({ path }) => path)
  const key = troubled.join('\n')
  if (key === shown) return
  shown = key
  const box = element('#trouble', HTMLElement)
  box.hidden = troubled.length === 0
  box.classList.toggle('visually-hidden', isSeenAnyway)
  document.title = troubled.length === 0 ? 'Status' : `Status (${countWords(troubled.length, 'problem')})`
  if (troubled.length === 0) return box.replaceChildren()
  const names = troubled.map((path) => (isSeenAnyway ? nameOf(path, program.name) : linkTo(path, program.name)))
  const words = `${troubled.length === 1 ? 'One source has a problem' : `${troubled.length} sources have problems`}: `
  box.replaceChildren(words, ...names.flatMap((name, at) => (at === 0 ? [name] : [', ', name])))
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
