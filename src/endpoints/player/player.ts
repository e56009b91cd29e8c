import type { ServerResponse } from 'node:http'
import type { Logger } from '@logtape/logtape'
import { isForMembers } from '../../access/listen-gate.ts'
import type { StreamPlan } from '../../plan/stream-plan.ts'
import { encodePath } from '../../stream/encode-path.ts'
import type { Stream } from '../../stream/stream.ts'
import type { Clock } from '../../system/clock.ts'
import type { StreamAccess } from '../../transport/stream-access.ts'
import type { Assets } from '../assets.ts'
import { eventOf } from '../event-stream.ts'
import { pageHeaders } from '../headers.ts'
import { requestedAddress } from '../own-address.ts'
import type { Page } from '../page.ts'
import { carriedQuery, mayHavePage } from '../page-access.ts'
import type { PageRequest } from '../page-request.ts'
import { createReports } from './player-report.ts'
import { PlayerSubscribers } from './player-subscribers.ts'
import { playlistPath } from './playlist-files.ts'
import { hasSamples, soundPath, withQuery } from './sound-path.ts'

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
  /** Decides which clients may have the pages. */
  readonly access: StreamAccess
}

/** The player of each stream. */
export interface PlayerPages {
  /** At `/player/STREAM`, with its event stream `?events`. */
  readonly own: Page
  /** The same page at the stream's own path. */
  readonly ofStreams: Page
}

const PREFIX = '/player/'
const OLD_PLAYLIST = /\.(m3u|pls)$/
/** Name of a stream at `/` when the station has no name. */
const NAMELESS = 'Live'

export function createPlayer(
  streams: PlayedStreams,
  assets: Assets,
  options: PlayerOptions,
  clock: Clock,
  log: Logger,
): PlayerPages {
  const reportOf = createReports(clock)
  const newsOf = async (path: string, isFirst: boolean) => {
    const stream = await streams.find(path)
    return { event: eventOf(reportOf(stream, isFirst)), rules: stream && rulesOf(stream) }
  }
  const subscribers = new PlayerSubscribers(newsOf, clock, log)
  const context = { streams, assets, options, subscribers }
  return {
    own: {
      owns: (path) => path === '/player' || path.startsWith(PREFIX),
      answer: (request, response) => answerOwn(context, request, response),
    },
    ofStreams: {
      owns: () => true,
      answer: async (request, response) => {
        const stream = await streams.find(request.path)
        if (await mayHave(context, request.path, stream, request, response)) {
          await sendPage(context, request.path, stream, request, response)
        }
      },
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
  const stream = await context.streams.find(path)
  if (!(await mayHave(context, path, stream, request, response))) return
  if (request.query.has('events')) {
    return context.subscribers.add(path, stream && rulesOf(stream), request.network, response)
  }
  if (stream === undefined && OLD_PLAYLIST.test(path)) return sendToPlaylist(request, response)
  await sendPage(context, path, stream, request, response)
}

/** Sends a client from the path that a playlist had in version 0.1. */
function sendToPlaylist({ path, root, message }: PageRequest, response: ServerResponse): void {
  const query = /\?.*/s.exec(message.url ?? '')?.[0] ?? ''
  const location = root + encodePath(path.slice(PREFIX.length)) + query
  response.writeHead(308, { ...pageHeaders(), Location: location }).end()
}

/** @returns false when it has refused the request */
function mayHave(
  { options }: Context,
  path: string,
  stream: Stream | undefined,
  request: PageRequest,
  response: ServerResponse,
): boolean | Promise<boolean> {
  return stream === undefined || mayHavePage(options.access, stream, path, request, response)
}

/** Returns what a client must fulfil to have the pages of a stream; undefined: nothing. */
function rulesOf({ plan: { access } }: Stream): string | undefined {
  return isForMembers(access) ? JSON.stringify([access.usersFile, access.url, access.key]) : undefined
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
  const { root } = request
  const carried = carriedQuery(stream, request)
  const sound = soundPath(path, stream, carried)
  const html = await assets.html('player', {
    root,
    stream: path,
    sound: root + sound.slice(1),
    // Without a query, a browser that navigates there gets this page again.
    bare: root + (hasSamples(stream) ? sound : withQuery(encodePath(path), 'raw', carried)).slice(1),
    events: root + withQuery(encodePath(PREFIX + path.slice(1)), 'events', carried).slice(1),
    carried,
    name: path === '/' ? (name ?? NAMELESS) : path.slice(1),
    station: path === '/' ? '' : (name ?? ''),
    description,
    rewind: canGoBack(stream) ? [{ clip: root + soundPath(`/clip${path}`, stream, carried).slice(1) }] : [],
    hls: stream?.plan.hls === undefined ? [] : [{ playlist: root + hlsPath(path, carried).slice(1) }],
    index: options.hasIndex?.() ? [{}] : [],
    address: requestedAddress(request) + sound,
    m3u: root + withQuery(playlistPath(path, 'm3u'), carried).slice(1),
    pls: root + withQuery(playlistPath(path, 'pls'), carried).slice(1),
  })
  const headers = {
    ...pageHeaders({ frameAncestors: page.frameAncestors }),
    'Content-Type': 'text/html; charset=utf-8',
    Vary: 'Accept, Icy-MetaData, Range, Sec-Fetch-Dest',
  }
  response.writeHead(stream === undefined ? 404 : 200, headers).end(html)
}

/** Whether the page shows how far listeners can go back. */
function canGoBack(stream: Stream | undefined): boolean {
  return stream !== undefined && stream.plan.rewind.ms > 0
}

/** Returns the encoded path and query of the playlist of a stream. @param carried see `carriedQuery` */
function hlsPath(path: string, carried: string): string {
  return withQuery(`/hls${path === '/' ? '' : encodePath(path)}/live.m3u8`, carried)
}
