import type { ServerResponse } from 'node:http'
import type { Logger } from '@logtape/logtape'
import type { StreamPlan } from '../../plan/stream-plan.ts'
import { encodePath } from '../../stream/encode-path.ts'
import { samplesOf } from '../../stream/samples-of.ts'
import type { Stream } from '../../stream/stream.ts'
import type { Clock } from '../../system/clock.ts'
import type { Assets } from '../assets.ts'
import { pageHeaders } from '../headers.ts'
import { requestedAddress } from '../own-address.ts'
import type { Page } from '../page.ts'
import type { PageRequest } from '../page-request.ts'
import { createReports } from './player-report.ts'
import { PlayerSubscribers } from './player-subscribers.ts'
import { PLAYLIST_TYPES, playlistAt, playlistFile, playlistPath } from './playlist-files.ts'

/** The streams that players can play. */
export interface PlayedStreams {
  /** Returns the stream at a decoded path such as `/` or `/cd`; undefined when there is none. */
  find(path: string): Promise<Stream | undefined>
}

export interface PlayerOptions {
  /** Returns the current plan of a path without a stream. */
  readonly defaults: () => Pick<StreamPlan, 'about' | 'page'>
  /** Whether there is an index of the streams at `/`, to which the page links. Default: there is none. */
  readonly hasIndex?: () => boolean
}

/** The player of each stream. */
export interface PlayerPages {
  /** At `/player/STREAM`, with its event stream `?events`, and the playlists STREAM`.m3u` and `.pls`. */
  readonly own: Page
  /** The same page at the stream's own path. */
  readonly ofStreams: Page
}

const PREFIX = '/player/'
/** Name of a stream at `/` when the station has no name. */
const NAMELESS = 'Live'

export function createPlayer(
  streams: PlayedStreams,
  assets: Assets,
  options: PlayerOptions,
  clock: Clock,
  log: Logger,
): PlayerPages {
  const reportOf = createReports()
  const subscribers = new PlayerSubscribers(async (path) => reportOf(await streams.find(path)), clock, log)
  const context = { streams, assets, options, subscribers }
  return {
    own: {
      owns: (path) => path === '/player' || path.startsWith(PREFIX),
      answer: (request, response) => answerOwn(context, request, response),
    },
    ofStreams: {
      owns: () => true,
      answer: async (request, response) =>
        sendPage(context, request.path, await streams.find(request.path), request, response),
    },
  }
}

interface Context {
  readonly streams: PlayedStreams
  readonly assets: Assets
  readonly options: PlayerOptions
  readonly subscribers: PlayerSubscribers
}

async function answerOwn(context: Context, request: PageRequest, response: ServerResponse): Promise<void> {
  if (`${request.path}/` === PREFIX)
    return void response.writeHead(308, { ...pageHeaders(), Location: `.${PREFIX}` }).end()
  const path = request.path.slice(PREFIX.length - 1)
  if (request.query.has('events')) return context.subscribers.add(path, request.network, response)
  const stream = await context.streams.find(path)
  if (stream === undefined && (await sendPlaylist(context, request, response))) return
  await sendPage(context, path, stream, request, response)
}

async function sendPage(
  { assets, options }: Context,
  path: string,
  stream: Stream | undefined,
  request: PageRequest,
  response: ServerResponse,
): Promise<void> {
  const { about, page } = stream?.plan ?? options.defaults()
  const { name, description = '' } = about
  const sound = soundPath(path, stream)
  const { root } = request
  const html = await assets.html('player', {
    root,
    stream: path,
    sound: root + sound.slice(1),
    // Without a query, a browser that navigates there gets this page again.
    bare: root + sound.slice(1) + (sound.includes('?') ? '' : '?raw'),
    events: `${root}${encodePath(PREFIX + path.slice(1)).slice(1)}?events`,
    name: path === '/' ? (name ?? NAMELESS) : path.slice(1),
    station: path === '/' ? '' : (name ?? ''),
    description,
    index: options.hasIndex?.() ? [{}] : [],
    address: requestedAddress(request) + sound,
    m3u: root + playlistPath(path, 'm3u').slice(1),
    pls: root + playlistPath(path, 'pls').slice(1),
  })
  const headers = {
    ...pageHeaders({ frameAncestors: page.frameAncestors }),
    'Content-Type': 'text/html; charset=utf-8',
    Vary: 'Accept, Icy-MetaData, Range, Sec-Fetch-Dest',
  }
  response.writeHead(stream === undefined ? 404 : 200, headers).end(html)
}

/** @returns false when the path is not that of a stream's playlist */
async function sendPlaylist({ streams }: Context, request: PageRequest, response: ServerResponse): Promise<boolean> {
  const found = playlistAt(request.path)
  for (const path of found?.streams ?? []) {
    const stream = await streams.find(path)
    if (found === undefined || stream === undefined) continue
    const title = [stream.plan.about.name, path.slice(1)].filter(Boolean).join(' – ') || NAMELESS
    const file = playlistFile(found.kind, requestedAddress(request) + soundPath(path, stream), title)
    response.writeHead(200, { ...pageHeaders(), 'Content-Type': PLAYLIST_TYPES[found.kind] }).end(file)
    return true
  }
  return false
}

/** Returns the encoded path and query at which players get a stream. */
function soundPath(path: string, stream: Stream | undefined): string {
  return encodePath(path) + (stream !== undefined && samplesOf(stream) !== undefined ? '?wav' : '')
}
