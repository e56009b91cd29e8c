import type { StreamStatus } from '../../status/report.ts'
import { encodePath } from '../../stream/encode-path.ts'
import { element, type Parts, partsOf, setText } from '../shared/element.ts'
import { createCurveView } from './chart.ts'
import { showFacts } from './facts.ts'
import { showTitles } from './last-titles.ts'
import { showLevel } from './level-bars.ts'
import { connectLinks } from './links.ts'
import { originWords } from './origin-words.ts'
import { sourceWords } from './source-words.ts'
import { showStderr } from './stderr-lines.ts'
import { countWords } from './words.ts'

/** Display of one stream. */
export interface StreamCard {
  readonly item: Element
  /** @param station its name. @param now the time of the report. */
  show(stream: StreamStatus, station: string | null, now: number): void
}

/** @param isOpen whether all details are shown at first. @param address of the server. */
export function createCard(path: string, isOpen: boolean, address: string): StreamCard {
  const copy = element('#stream', HTMLTemplateElement).content.cloneNode(true) as DocumentFragment
  const parts = partsOf(copy)
  const item = copy.firstElementChild ?? document.createElement('li')
  const box = parts('name', HTMLElement).closest('details')
  if (box !== null) box.open = isOpen
  item.id = idOf(path)
  const showLinks = connectLinks(parts, path, address)
  const showCurve = createCurveView(parts)
  // Found now, because the copy of the template moves into the page.
  const shown = shownParts(parts)
  return {
    item,
    show(stream, station, now) {
      setText(shown.name, nameOf(path, station))
      showSource(shown, stream, now)
      showText(shown, stream)
      showOrigin(shown, stream, now)
      showCount(shown, stream)
      showCurve(stream)
      showLevel(shown.level, stream)
      showFacts(shown.facts, stream, now)
      showTitles(shown.titles, stream.titles, now)
      showStderr(shown.stderr, stream.source.said, now)
      showLinks(stream)
    },
  }
}

/** Returns the id of a stream's card, which is also the fragment of its address. */
export function idOf(path: string): string {
  return `stream-${encodePath(path)}`
}

/** Returns the name of a stream; the one at `/` has that of the station. */
export function nameOf(path: string, station: string | null): string {
  return path === '/' ? (station ?? 'Live') : path.slice(1)
}

type Shown = ReturnType<typeof shownParts>

function shownParts(parts: Parts) {
  const html = (name: string) => parts(name, HTMLElement)
  return {
    name: html('name'),
    state: html('state'),
    failure: html('failure'),
    why: html('why'),
    lastWords: html('last-words'),
    title: html('title'),
    rowTitle: html('row-title'),
    format: html('format'),
    origin: html('origin'),
    rowFormat: html('row-format'),
    source: html('source'),
    label: html('label'),
    listeners: html('listeners'),
    listenersWord: html('listeners-word'),
    facts: html('figures'),
    level: html('level'),
    titles: { box: parts('titles-box', HTMLDetailsElement), heading: html('titles-heading'), list: html('titles') },
    stderr: { box: parts('stderr-box', HTMLDetailsElement), title: html('stderr-title'), list: html('stderr') },
  }
}

function showSource({ state, failure, why, lastWords, source, label }: Shown, stream: StreamStatus, now: number): void {
  const { text, tone, failure: failed = '' } = sourceWords(stream.source, now)
  const lastLine = stream.source.said.at(-1)?.text ?? ''
  setText(state, text)
  state.dataset['state'] = tone
  failure.hidden = failed === ''
  setText(why, failed)
  setText(lastWords, lastLine)
  source.hidden = stream.source.label === null
  setText(label, stream.source.label ?? '')
}

function showText({ title, rowTitle, format, rowFormat }: Shown, stream: StreamStatus): void {
  title.hidden = stream.title === null
  for (const part of [title, rowTitle]) setText(part, stream.title ?? '')
  setText(rowFormat, stream.format ?? '')
  setText(format, [stream.format ?? 'Format not known yet', stream.contentType].filter(Boolean).join(' · '))
}

function showOrigin({ origin }: Shown, stream: StreamStatus, now: number): void {
  const words = originWords(stream, now)
  origin.hidden = words === ''
  setText(origin, words)
}

function showCount(shown: Shown, { listeners }: StreamStatus): void {
  const [count = '', word = ''] = countWords(listeners, 'listener').split(' ')
  setText(shown.listeners, count)
  setText(shown.listenersWord, word)
}
