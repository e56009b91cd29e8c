import type { ServerResponse } from 'node:http'
import type { Stream } from '../../stream/stream.ts'
import type { Clock } from '../../system/clock.ts'
import type { StreamAccess } from '../../transport/stream-access.ts'
import { pageHeaders } from '../headers.ts'
import type { IndexEntry } from '../index/index-entry.ts'
import { requestedAddress } from '../own-address.ts'
import type { Page } from '../page.ts'
import { carriedQuery, mayHavePage } from '../page-access.ts'
import type { PageRequest } from '../page-request.ts'
import type { PlayedStreams } from './player.ts'
import { filePathOf, type PlaylistKind } from './playlist-files.ts'
import { PLAYLIST_TYPES, type Playlist, playlistText } from './playlist-text.ts'
import { soundPath } from './sound-path.ts'
import { createTitleLists } from './title-list.ts'

/** What the files about streams are made of. */
export interface PlaylistParts {
  readonly streams: PlayedStreams
  /** Returns the streams that are not hidden, in order. */
  readonly all: () => Promise<readonly IndexEntry[]>
  /** Name of the station; undefined: it has none. */
  readonly station: string | undefined
  readonly access: StreamAccess
}

/** Name of a stream at `/`, and of a list of streams, when the station has no name. */
const NAMELESS = 'Live'
/** Scripts of all sites may read the files, as they may read streams. */
const HEADERS = { ...pageHeaders(), 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' }

/**
 * The files about streams: playlists for other players, and lists of titles; see `filePathOf`. They follow the rules of who may
 * listen. The list of all streams has those that every client may have.
 */
export function createPlaylists({ streams, all, station, access }: PlaylistParts, clock: Clock): Page {
  const titleListOf = createTitleLists(clock)

  async function sendOf(stream: Stream, path: string, request: PageRequest, response: ServerResponse): Promise<void> {
    if (!(await mayHavePage(access, stream, path, request, response))) return
    if (stream.isFinished) return sendText(response, 503, 'this stream has ended')
    const listen = requestedAddress(request) + soundPath(path, stream, carriedQuery(stream, request))
    const { kind } = filePathOf(request.path) ?? {}
    const list = titleListOf(stream, listen)
    if (kind === undefined || kind === 'titles.json') {
      return send(response, 200, 'application/json; charset=utf-8', `${JSON.stringify(list, undefined, 2)}\n`)
    }
    const { name, url } = stream.plan.about
    const track = {
      url: listen,
      name: trackName(path, name),
      creator: name,
      playing: list.title ?? undefined,
      // Players would try to play titles of the past that were tracks.
      notes: list.titles.map(({ since, title }) => `${since} ${title}`),
      page: url,
    }
    sendPlaylist(response, kind, { title: name ?? path, tracks: [track] })
  }

  async function sendAll(kind: PlaylistKind, request: PageRequest, response: ServerResponse): Promise<void> {
    const entries = (await all()).filter(({ isForMembers }) => !isForMembers)
    const tracks = entries.map(({ path, listen, name, description, title }) => ({
      url: requestedAddress(request) + listen,
      name: trackName(path, name),
      creator: name,
      playing: title,
      notes: [description],
      page: undefined,
    }))
    sendPlaylist(response, kind, { title: station ?? NAMELESS, tracks })
  }

  return {
    owns: (path) => filePathOf(path) !== undefined,
    async answer(request, response) {
      const found = filePathOf(request.path)
      for (const path of found?.streams ?? []) {
        const stream = await streams.find(path)
        if (stream !== undefined) return sendOf(stream, path, request, response)
      }
      if (found?.mayBeOfAll && found.kind !== 'titles.json') return sendAll(found.kind, request, response)
      sendText(response, 404, 'there is no stream at this path')
    },
  }
}

/** The path tells streams apart that have the name of the station. */
function trackName(path: string, name: string | undefined): string {
  return [name, path.slice(1)].filter(Boolean).join(' – ') || NAMELESS
}

function sendPlaylist(response: ServerResponse, kind: PlaylistKind, list: Playlist): void {
  send(response, 200, PLAYLIST_TYPES[kind], playlistText(kind, list))
}

function sendText(response: ServerResponse, status: number, line: string): void {
  send(response, status, 'text/plain; charset=utf-8', `${line}\n`)
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  const head = { ...HEADERS, 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) }
  response.writeHead(status, head).end(body)
}
