import type { ServerResponse } from 'node:http'
import { isForMembers } from '../../access/listen-gate.ts'
import type { HlsStream } from '../../hls/hls-stream.ts'
import type { Stream } from '../../stream/stream.ts'
import type { StreamAccess } from '../../transport/stream-access.ts'
import { carriedQuery } from '../page-access.ts'
import type { PageRequest } from '../page-request.ts'
import { type GroupParts, sendGroup } from './group-playlist.ts'
import { admitToHls } from './hls-admission.ts'
import { type HlsTarget, hlsTargetOf } from './hls-path.ts'
import { PLAYLIST_TYPE, refuseHls, sendHls } from './hls-response.ts'

/** Parts of the program that the pages of HLS use. */
interface HlsPageParts extends GroupParts {
  /** Finds the stream at a path. */
  readonly find: (path: string) => Promise<Stream | undefined>
  readonly access: StreamAccess
}

/** Responds to GET and HEAD below `/hls/`. */
export async function respondWithHls(
  parts: HlsPageParts,
  request: PageRequest,
  response: ServerResponse,
): Promise<void> {
  const target = hlsTargetOf(request.path)
  if (target === undefined) return refuseHls(response, 404, 'there is no such file')
  if (target.kind === 'group') return sendGroup(parts, target.name, request, response)
  if (target.kind === 'playlist') return sendPlaylist(parts, target.path, request, response)
  await sendFile(parts, target, request, response)
}

/** Finds the HLS of a stream that may not have been requested yet. */
async function findHls({ hls, find }: HlsPageParts, path: string): Promise<HlsStream | undefined> {
  const stream = await find(path)
  if (stream !== undefined) hls.follow(stream)
  return stream === undefined ? undefined : hls.at(path)
}

async function sendPlaylist(
  parts: HlsPageParts,
  path: string,
  request: PageRequest,
  response: ServerResponse,
): Promise<void> {
  const hls = await findHls(parts, path)
  if (hls === undefined) return refuseHls(response, 404, 'there is no stream with HLS at this path')
  if (!(await admitToHls(hls, parts.access, request, response))) return
  hls.asked()
  const isPrivate = isForMembers(hls.stream.plan.access)
  const query = isPrivate ? carriedQuery(hls.stream, request) : ''
  if (hls.playlist.read(query) === undefined) await hls.ready(true)
  const playlist = hls.playlist.read(query)
  if (playlist === undefined) return refuseWithout(hls, response, isPrivate)
  const { text: bytes, tag } = playlist
  hls.bytes += sendHls(response, { type: PLAYLIST_TYPE, bytes, tag, lifetime: 'playlist' }, isPrivate)
}

function refuseWithout({ refusal, stream }: HlsStream, response: ServerResponse, isPrivate: boolean): void {
  if (refusal !== undefined) return refuseHls(response, 404, refusal, { isPrivate })
  const line = stream.isFinished ? 'this stream has ended' : 'the source has no sound yet; try again later'
  const seconds = Math.ceil((stream.plan.hls?.segmentMs ?? 0) / 1000)
  refuseHls(response, 503, line, { fields: { 'Retry-After': String(Math.max(1, seconds)) }, isPrivate })
}

/** Cheap for names that do not exist: nothing is opened. */
async function sendFile(
  { hls: all, access }: HlsPageParts,
  target: HlsTarget & { readonly kind: 'segment' | 'init' },
  request: PageRequest,
  response: ServerResponse,
): Promise<void> {
  const hls = all.at(target.path)
  const file = hls && fileOf(hls, target, request.query.get('h'))
  if (hls === undefined || file === undefined)
    return refuseHls(response, 404, 'there is no such segment, or not any more')
  if (!(await admitToHls(hls, access, request, response))) return
  hls.asked()
  const { type, read } = file
  const body = { type, bytes: read(), lifetime: 'segment' } as const
  hls.bytes += sendHls(response, body, isForMembers(hls.stream.plan.access))
}

function fileOf(
  { playlist: { segments } }: HlsStream,
  target: HlsTarget & { readonly kind: 'segment' | 'init' },
  tag: string | null,
): { readonly type: string; readonly read: () => Buffer } | undefined {
  if (target.kind === 'init') {
    const init = segments.epochNamed(target.epoch)?.packaging?.init
    return init && { type: 'audio/mp4', read: () => init }
  }
  const segment = segments.find(target.epoch, target.number, target.extension, tag)
  const type = segment?.epoch.packaging?.contentType
  return segment && type !== undefined ? { type, read: () => segment.bytes() } : undefined
}
