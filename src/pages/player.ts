import type { ServerResponse } from 'node:http'
import type { Logger } from '@logtape/logtape'
import type { Clock } from '../clock.ts'
import { encodePath } from '../stream/encode-path.ts'
import type { Stream } from '../stream/stream.ts'
import type { AboutStation } from '../transport/icy-fields.ts'
import type { Assets } from './assets.ts'
import { type Audiences, createAudiences } from './audiences.ts'
import { pageHeaders } from './headers.ts'
import type { Asked, Page } from './page.ts'
import { createReports, type ReportOptions } from './player-report.ts'
import { PLAYLIST_TYPES, playlistAt, playlistFile, playlistPath } from './playlist-files.ts'

/** The streams that can be listened to. */
export interface PlayedStreams {
  /** The stream at a decoded path such as `/` or `/cd`; undefined when there is none. */
  find(path: string): Promise<Stream | undefined>
}

export interface PlayerOptions extends ReportOptions {
  readonly about: AboutStation
}

/** The player of each stream. */
export interface PlayerPages {
  /** At `/player/STREAM`, with what it needs there: `?events`, and STREAM`.m3u` and `.pls`. */
  readonly own: Page
  /** The same page at the stream's own path. */
  readonly ofStreams: Page
}

const PREFIX = '/player/'
/** What a stream at `/` is called when the station has no name. */
const NAMELESS = 'Live'

export function createPlayer(
  streams: PlayedStreams,
  assets: Assets,
  options: PlayerOptions,
  clock: Clock,
  log: Logger,
): PlayerPages {
  const reportOf = createReports(options)
  const audiences = createAudiences(async (path) => reportOf(await streams.find(path)), clock, log)
  const context = { streams, assets, options, audiences }
  return {
    own: {
      owns: (path) => path === '/player' || path.startsWith(PREFIX),
      answer: (asked, response) => answerOwn(context, asked, response),
    },
    ofStreams: {
      owns: () => true,
      answer: async (asked, response) => sendPage(context, asked.path, await streams.find(asked.path), asked, response),
    },
  }
}

interface Context {
  readonly streams: PlayedStreams
  readonly assets: Assets
  readonly options: PlayerOptions
  readonly audiences: Audiences
}

async function answerOwn(context: Context, asked: Asked, response: ServerResponse): Promise<void> {
  if (`${asked.path}/` === PREFIX) return void response.writeHead(308, { ...pageHeaders(), Location: PREFIX }).end()
  const path = asked.path.slice(PREFIX.length - 1)
  if (asked.query.has('events')) return context.audiences.add(path, response)
  const stream = await context.streams.find(path)
  if (stream === undefined && (await sendPlaylist(context, asked, response))) return
  await sendPage(context, path, stream, asked, response)
}

async function sendPage(
  { assets, options }: Context,
  path: string,
  stream: Stream | undefined,
  asked: Asked,
  response: ServerResponse,
): Promise<void> {
  const { name, description = '' } = options.about
  const sound = soundPath(path, stream, options)
  const html = await assets.html('player', {
    stream: path,
    sound,
    events: `${encodePath(PREFIX + path.slice(1))}?events`,
    name: path === '/' ? (name ?? NAMELESS) : path.slice(1),
    station: path === '/' ? '' : (name ?? ''),
    description,
    address: originOf(asked) + sound,
    m3u: playlistPath(path, 'm3u'),
    pls: playlistPath(path, 'pls'),
  })
  const headers = { ...pageHeaders(), 'Content-Type': 'text/html; charset=utf-8', Vary: 'Accept' }
  response.writeHead(stream === undefined ? 404 : 200, headers).end(html)
}

/** @returns false when the path is no playlist's */
async function sendPlaylist({ streams, options }: Context, asked: Asked, response: ServerResponse): Promise<boolean> {
  const found = playlistAt(asked.path)
  for (const path of found?.streams ?? []) {
    const stream = await streams.find(path)
    if (found === undefined || stream === undefined) continue
    const title = [options.about.name, path.slice(1)].filter(Boolean).join(' – ') || NAMELESS
    const file = playlistFile(found.kind, originOf(asked) + soundPath(path, stream, options), title)
    response.writeHead(200, { ...pageHeaders(), 'Content-Type': PLAYLIST_TYPES[found.kind] }).end(file)
    return true
  }
  return false
}

/** Where players get a stream, encoded. */
function soundPath(path: string, stream: Stream | undefined, { samples }: PlayerOptions): string {
  return encodePath(path) + (samples !== undefined && stream?.isRaw !== false ? '?wav' : '')
}

/** As whoever asks knows this server. */
function originOf({ isSecure, message: { headers, socket } }: Asked): string {
  const host = headers.host ?? `${socket.localAddress}:${socket.localPort}`
  return `${isSecure ? 'https' : 'http'}://${host}`
}
