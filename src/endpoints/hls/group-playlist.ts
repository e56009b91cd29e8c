import type { ServerResponse } from 'node:http'
import type { Hls } from '../../hls/hls.ts'
import type { HlsStream } from '../../hls/hls-stream.ts'
import { mainPlaylist, type Variant } from '../../hls/main-playlist.ts'
import { encodePath } from '../../stream/encode-path.ts'
import type { Stream } from '../../stream/stream.ts'
import { carriedQuery } from '../page-access.ts'
import type { PageRequest } from '../page-request.ts'
import { PLAYLIST_TYPE, refuseHls, sendHls } from './hls-response.ts'

/** Parts of the program that groups are made of. */
export interface GroupParts {
  readonly hls: Hls
  /** Returns all streams, in the order of the configuration. */
  readonly streams: () => readonly Stream[]
}

/**
 * Responds with the variants of a group: its streams, in the order of the configuration. It opens their sources; those that are away
 * and have not been on the air yet are left out, because nothing is known about them.
 */
export async function sendGroup(
  { hls, streams }: GroupParts,
  name: string,
  request: PageRequest,
  response: ServerResponse,
): Promise<void> {
  const members = streams().filter(({ plan }) => plan.hls?.group === name)
  if (members.length === 0) return refuseHls(response, 404, 'there is no group of this name')
  for (const stream of members) hls.follow(stream)
  const offered = members.map(({ path }) => hls.at(path)).filter((one) => one !== undefined)
  await Promise.all(offered.map(open))
  const variants = offered.map((one) => variantOf(one, request)).filter((one) => one !== undefined)
  if (variants.length === 0) {
    return refuseHls(response, 503, 'no stream of this group has sound yet; try again later', {
      fields: { 'Retry-After': '5' },
    })
  }
  const body = { type: PLAYLIST_TYPE, bytes: mainPlaylist(variants), lifetime: 'playlist' } as const
  sendHls(response, body, request.query.size > 0)
}

async function open(hls: HlsStream): Promise<void> {
  if (hls.playlist.rates !== undefined) return
  hls.keepOpen()
  await hls.ready(false)
}

function variantOf({ playlist: { rates }, stream }: HlsStream, request: PageRequest): Variant | undefined {
  if (rates === undefined) return undefined
  const query = carriedQuery(stream, request)
  const { path, plan } = stream
  const uri = `..${path === '/' ? '' : encodePath(path)}/live.m3u8${query === '' ? '' : `?${query}`}`
  return { ...rates, uri, name: plan.about.name ?? path.slice(1) }
}
