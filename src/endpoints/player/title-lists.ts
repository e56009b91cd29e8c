import type { StreamStatus, TitleStatus } from '../../status/report.ts'
import { toldText } from '../../status/safe-text.ts'
import { momentsNow } from '../../status/timestamps.ts'
import { createPlayed } from '../../status/title-status.ts'
import type { Stream } from '../../stream/stream.ts'
import type { Clock } from '../../system/clock.ts'
import { element, type XmlElement, xmlDocument } from '../../text/xml.ts'
import type { StreamAccess } from '../../transport/stream-access.ts'
import { requestedAddress } from '../own-address.ts'
import type { Page } from '../page.ts'
import { carriedQuery, mayHavePage } from '../page-access.ts'
import type { PlayedStreams } from './player.ts'
import { soundPath } from './sound-path.ts'

/** Content of `/PATH.titles.json`. */
interface TitleList extends Pick<StreamStatus, 'path' | 'name' | 'title' | 'titles'> {
  /** Address at which players get the stream. */
  readonly listen: string
}

/** Ends of the paths behind that of the stream; a stream at the whole path is found before. */
const ENDS = ['.xspf', '.titles.json']
/** Scripts of all sites may read them, as they may read `/status-json.xsl`. */
const HEADERS = {
  'Cache-Control': 'no-cache, no-store',
  'Access-Control-Allow-Origin': '*',
  'X-Content-Type-Options': 'nosniff',
}

/**
 * The last titles of a stream: `/PATH.titles.json`, and `/PATH.xspf`, which is also a playlist that players open (XSPF version 1). Both
 * follow the rules of who may listen.
 */
export function createTitleLists(streams: PlayedStreams, access: StreamAccess, clock: Clock): Page {
  const played = createPlayed()

  function listOf(stream: Stream, listen: string): TitleList {
    const { path, plan, titles, titleHistory } = stream
    return {
      path,
      name: plan.about.name === undefined ? null : toldText(plan.about.name),
      listen,
      title: toldText(titles.newest?.text ?? '') || null,
      titles: played(titleHistory.all, momentsNow(clock)),
    }
  }

  return {
    owns: (path) => endOf(path) !== undefined,
    async answer(request, response) {
      const end = endOf(request.path) ?? ''
      const path = request.path.slice(0, -end.length)
      const stream = await streams.find(path)
      if (stream === undefined) {
        response.writeHead(404, { ...HEADERS, 'Content-Type': 'text/plain; charset=utf-8' })
        response.end('there is no stream at this path\n')
        return
      }
      if (!(await mayHavePage(access, stream, path, request, response))) return
      const listen = requestedAddress(request) + soundPath(path, stream, carriedQuery(stream, request))
      const list = listOf(stream, listen)
      const [type, body] =
        end === '.xspf'
          ? ['application/xspf+xml; charset=utf-8', xmlDocument(playlistOf(list))]
          : ['application/json; charset=utf-8', `${JSON.stringify(list, undefined, 2)}\n`]
      response.writeHead(200, { ...HEADERS, 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) }).end(body)
    },
  }
}

function endOf(path: string): string | undefined {
  return ENDS.find((end) => path.endsWith(end))
}

/** One track, because players would try to play the titles of the past too: these are in its annotation. */
function playlistOf({ path, name, listen, title, titles }: TitleList): XmlElement {
  const track = element('track', [
    element('location', listen),
    ...(name === null ? [] : [element('creator', name)]),
    element('title', title ?? name ?? path),
    element('annotation', titles.map(lineOf).join('\n')),
  ])
  const content = [element('title', name ?? path), element('trackList', [track])]
  return element('playlist', content, { version: '1', xmlns: 'http://xspf.org/ns/0/' })
}

function lineOf({ title, since }: TitleStatus): string {
  return `${since} ${title}`
}
