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
import { ownAddress } from '../own-address.ts'
import type { Page } from '../page.ts'
import { carriedQuery, mayHavePage } from '../page-access.ts'
import type { LinksFor } from '../page-links.ts'
import type { PageRequest } from '../page-request.ts'
import { type QrCodes, sendQrCode } from '../qr-codes.ts'
import { pageValues } from './page-values.ts'
import type { Pictures } from './pictures.ts'
import { createReports } from './player-report.ts'
import { PlayerSubscribers } from './player-subscribers.ts'
import { sharedAddress } from './sound-path.ts'

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
  readonly pictures: Pictures
  readonly codes: QrCodes
  readonly linksFor: LinksFor
  /** The server listens to this machine only. */
  readonly isAlone: boolean
  /** The number of listeners is public. */
  readonly showsListeners: boolean
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

export function createPlayer(
  streams: PlayedStreams,
  assets: Assets,
  options: PlayerOptions,
  clock: Clock,
  log: Logger,
): PlayerPages {
  const reportOf = createReports(clock, options.showsListeners)
  const newsOf = async (path: string, isFirst: boolean) => {
    const stream = await streams.find(path)
    const pictures = stream && (await options.pictures.versions(stream))
    return { event: eventOf({ ...reportOf(stream, isFirst), pictures }), rules: stream && rulesOf(stream) }
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
  const { options } = context
  if (`${request.path}/` === PREFIX)
    return void response.writeHead(308, { ...pageHeaders(), Location: `.${PREFIX}` }).end()
  const path = request.path.slice(PREFIX.length - 1)
  const stream = await context.streams.find(path)
  if (!(await mayHave(context, path, stream, request, response))) return
  if (request.query.has('events')) {
    return context.subscribers.add(path, stream && rulesOf(stream), request.network, response)
  }
  if (request.query.has('qr')) {
    const page = ownAddress(request, options.isAlone) + sharedAddress(path, carriedQuery(stream, request))
    return sendQrCode(options.codes, page, request.network, response)
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
  context: Context,
  path: string,
  stream: Stream | undefined,
  request: PageRequest,
  response: ServerResponse,
): Promise<void> {
  const { assets, options } = context
  const plan = stream?.plan ?? options.defaults()
  const pictures = stream === undefined ? {} : await options.pictures.versions(stream)
  const shown = { path, stream, plan, pictures, hasIndex: options.hasIndex?.() ?? false }
  const html = await assets.html(
    'player',
    pageValues(shown, request, options.linksFor(stream === undefined ? undefined : 'listen', request)),
  )
  const headers = {
    ...pageHeaders({ frameAncestors: plan.page.frameAncestors }),
    'Content-Type': 'text/html; charset=utf-8',
    Vary: 'Accept, Icy-MetaData, Range, Sec-Fetch-Dest',
  }
  response.writeHead(stream === undefined ? 404 : 200, headers).end(html)
}
