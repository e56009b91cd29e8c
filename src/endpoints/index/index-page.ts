import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { encodePath } from '../../stream/encode-path.ts'
import { isNavigation } from '../../transport/http/navigation.ts'
import type { Assets } from '../assets.ts'
import type { TemplateValues } from '../fill-in.ts'
import { pageHeaders } from '../headers.ts'
import { requestedAddress } from '../own-address.ts'
import type { Page } from '../page.ts'
import type { LinksFor } from '../page-links.ts'
import type { PageRequest } from '../page-request.ts'
import { entryTexts, entryTone, type IndexEntry, type IndexReport } from './index-entry.ts'

/** Settings of the index. */
export interface IndexOptions {
  /** Name of the station. Default: `Streams`. */
  readonly name?: string | undefined
  readonly description?: string | undefined
  /** Pages that may show the index in a frame, as those of the player may; see `PageNeeds`. */
  readonly frameAncestors: string
  readonly linksFor: LinksFor
}

/**
 * The index of the streams at `/`, for a station without a stream there: a page for browsers, an IndexReport for `?json`, and
 * for all other clients 404 with the paths of the streams.
 * @param streams returns the streams to list, in order; called for each request.
 */
export function createIndexPage(
  streams: () => Promise<readonly IndexEntry[]>,
  assets: Assets,
  options: IndexOptions,
): Page {
  return {
    owns: (path) => path === '/',
    async answer(request, response) {
      const { query, message } = request
      const entries = (await streams()).map((entry) => ownTexts(entry, options))
      if (query.has('json')) return send(response, 200, 'application/json', reportOf(entries))
      if (!isBrowser(message.headers)) {
        return send(response, 404, 'text/plain', `${streamList(entries.map(({ path }) => path))}\n`)
      }
      const html = await assets.html('index', pageValues(entries, request, options))
      send(response, 200, 'text/html', html, options.frameAncestors)
    },
  }
}

/** Removes the name and the description of the station from a stream that has no others: the page has them at its top. */
function ownTexts(entry: IndexEntry, { name, description }: IndexOptions): IndexEntry {
  return {
    ...entry,
    name: entry.name === name ? '' : entry.name,
    description: entry.description === description ? '' : entry.description,
  }
}

function reportOf(streams: readonly IndexEntry[]): string {
  return `${JSON.stringify({ streams } satisfies IndexReport, undefined, 2)}\n`
}

function isBrowser(headers: IncomingHttpHeaders): boolean {
  return isNavigation(new Map(Object.entries(headers).map(([name, value]) => [name, String(value)])))
}

function pageValues(
  entries: readonly IndexEntry[],
  request: PageRequest,
  { name = 'Streams', description = '', linksFor }: IndexOptions,
): TemplateValues {
  const { root } = request
  const origin = requestedAddress(request)
  return {
    root,
    page: `${origin}/`,
    image: `${origin}/assets/icon-512.png`,
    links: linksFor('listen', request),
    heading: name,
    about: description,
    described: description === '' ? [] : [{}],
    streams: entries.map((entry) => entryValues(entry, root)),
    none: entries.length === 0 ? [{}] : [],
  }
}

function entryValues(entry: IndexEntry, root: string): TemplateValues {
  const { path, listen } = entry
  return {
    ...entryTexts(entry),
    listen,
    tone: entryTone(entry),
    player: `${root}player${encodePath(path)}`,
    // Without a query, a browser that navigates there gets the player.
    sound: root + listen.slice(1) + (listen.includes('?') ? '' : '?raw'),
  }
}

function send(response: ServerResponse, status: number, type: string, body: string, frameAncestors = "'none'"): void {
  const headers = { ...pageHeaders({ frameAncestors }), 'Content-Type': `${type}; charset=utf-8` }
  response.writeHead(status, { ...headers, Vary: 'Accept, Icy-MetaData, Range, Sec-Fetch-Dest' }).end(body)
}

/** Maximum number of paths in the list: more do not fit a terminal. */
const MOST_PATHS = 20

/** Returns the text of a 404 on one line, with the paths of the streams that there are. @param paths decoded */
export function streamList(paths: Iterable<string>): string {
  const all = [...paths]
  if (all.length === 0) return 'there is no stream at this path'
  const named = all.slice(0, MOST_PATHS).map(encodePath).join(', ')
  const more = all.length > MOST_PATHS ? ` and ${all.length - MOST_PATHS} more` : ''
  return `there is no stream at this path; streams: ${named}${more}`
}
