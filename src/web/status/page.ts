/** Status of the program and all its streams. */

import type { ProgramStatus, StatusNews, StatusReport } from '../../status/report.ts'
import { timeWords } from '../../text/time-words.ts'
import { element, setText } from '../shared/element.ts'
import { ServerEvents } from '../shared/server-events.ts'
import { urlAt } from '../shared/url-at.ts'
import { showHub } from './hub-view.ts'
import { closeCodeByClick } from './links.ts'
import { merge } from './merge.ts'
import { createCard, type StreamCard } from './stream-card.ts'
import { showTroubles } from './trouble.ts'
import { byteWords, countWords, percentWords } from './words.ts'

/** Silence after which the server counts as lost, in milliseconds; it sends an event once a second. */
const SILENCE_MS = 4_000
/** Maximum number of streams of which all details are shown. More are rows of a table, which open with a click. */
const MOST_OPEN = 2

const address = document.body.dataset['address'] ?? location.origin
const list = element('#streams', HTMLElement)
const connection = element('#connection', HTMLElement)
const tryNow = element('#try-now', HTMLButtonElement)
const cards = new Map<string, StreamCard>()
let report: StatusReport | undefined

function show(latest: StatusReport): void {
  const { time, program, streams } = latest
  const now = Date.parse(time)
  document.body.classList.toggle('many', streams.length > MOST_OPEN)
  showTroubles(latest, now)
  showCards(latest, now)
  showHub(latest.hub, now)
  element('#nothing', HTMLElement).hidden = streams.length > 0
  const counts = [countWords(streams.length, 'stream'), countWords(program.listeners, 'listener')]
  setText(element('#summary', HTMLElement), [...(program.name === null ? [] : [program.name]), ...counts].join(' · '))
  setText(element('#program', HTMLElement), programWords(program, now))
}

function showCards({ streams, program }: StatusReport, now: number): void {
  const paths = new Set(streams.map(({ path }) => path))
  for (const [path, { item }] of cards) {
    if (paths.has(path)) continue
    item.remove()
    cards.delete(path)
  }
  for (const [at, stream] of streams.entries()) {
    const card = cards.get(stream.path) ?? createCard(stream.path, streams.length <= MOST_OPEN, address)
    cards.set(stream.path, card)
    card.show(stream, program.name, now)
    if (list.children[at] !== card.item) list.insertBefore(card.item, list.children[at] ?? null)
  }
}

function programWords({ version, node, startedAt, memoryBytes, threads, load }: ProgramStatus, now: number): string {
  return [
    `streamserve ${version}`,
    `Node.js ${node.slice(1)}`,
    `up for ${timeWords(now - Date.parse(startedAt))}`,
    `${byteWords(memoryBytes)} of memory`,
    countWords(threads, 'thread'),
    `${percentWords(load)} busy`,
  ].join(' · ')
}

function connected(isConnected: boolean): void {
  setText(
    connection,
    isConnected ? 'Connected' : ['The server does not answer. Trying again …', ...lastKnown()].join(' '),
  )
  connection.dataset['state'] = isConnected ? 'good' : 'busy'
  tryNow.hidden = isConnected
  document.body.classList.toggle('stale', !isConnected)
}

function lastKnown(): string[] {
  return report === undefined ? [] : [`Last update: ${new Date(report.time).toLocaleTimeString()}.`]
}

const events = new ServerEvents<StatusNews>(urlAt('status/events'), {
  silenceMs: SILENCE_MS,
  lost: () => connected(false),
  news(news) {
    connected(true)
    report = merge(report, news)
    if (report !== undefined) show(report)
  },
})
events.connect()
tryNow.addEventListener('click', () => events.retry())
closeCodeByClick()
