/** Index of the streams: keeps the texts up to date. The page works without this script too. */

import { entryTexts, entryTone, type IndexEntry, type IndexReport } from '../../endpoints/index/index-entry.ts'
import { element, setText } from '../shared/element.ts'
import { urlAt } from '../shared/url-at.ts'
import { whenBack } from '../shared/when-back.ts'

/** Interval of the requests for news, and the time limit of each, in milliseconds. */
const REFRESH_EVERY_MS = 5_000
const WITHIN_MS = 4_000

const away = element('#away', HTMLElement)
const items = new Map(
  [...document.querySelectorAll<HTMLElement>('#streams > li')].map((item) => [item.dataset['listen'], item]),
)

async function refresh(): Promise<void> {
  if (document.hidden) return
  const ended = new AbortController()
  const timer = setTimeout(() => ended.abort(), WITHIN_MS)
  try {
    const response = await fetch(urlAt('?json'), { signal: ended.signal })
    if (!response.ok) throw new TypeError(`the server answers ${response.status}`)
    // A stream may have been started at `/`: its endless sound must not be read here.
    if (isJson(response)) show(((await response.json()) as IndexReport).streams)
    else location.reload()
    away.hidden = true
  } catch {
    away.hidden = false
  } finally {
    clearTimeout(timer)
    ended.abort()
  }
}

function isJson({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('application/json') ?? false
}

/** The server makes the list, so the page is loaded again when a stream was added or removed. */
function show(streams: readonly IndexEntry[]): void {
  if (streams.length !== items.size || !streams.every(({ listen }) => items.has(listen))) return location.reload()
  for (const entry of streams) showEntry(items.get(entry.listen), entry)
}

function showEntry(item: HTMLElement | undefined, entry: IndexEntry): void {
  for (const [name, text] of Object.entries(entryTexts(entry))) {
    const part = item?.querySelector<HTMLElement>(`[data-part="${name}"]`)
    if (!part) continue
    setText(part, text)
    if (name === 'state') part.dataset['state'] = entryTone(entry)
  }
}

setInterval(() => void refresh(), REFRESH_EVERY_MS)
whenBack(() => void refresh())
