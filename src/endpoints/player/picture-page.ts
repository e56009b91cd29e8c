import type { ServerResponse } from 'node:http'
import { isForMembers } from '../../access/listen-gate.ts'
import type { Stream } from '../../stream/stream.ts'
import type { StreamAccess } from '../../transport/stream-access.ts'
import { pageHeaders } from '../headers.ts'
import type { Page } from '../page.ts'
import type { PageRequest } from '../page-request.ts'
import type { Pictures, VersionedPicture } from './pictures.ts'
import type { PlayedStreams } from './player.ts'
import { createStreamFilePage, sendMissing } from './stream-file-page.ts'
import { fileOf } from './stream-files.ts'

const EXTENSION = '.jpg'
/** Time for which browsers keep a picture that they have requested by its version, in seconds. */
const KEPT_S = 86_400

/** Returns the encoded path of a stream's picture. */
export function picturePath(stream: string): string {
  return fileOf(stream, EXTENSION)
}

/**
 * The picture of a stream at `/PATH.jpg`, whatever its kind: the cover of the file that is played, or else the picture of the station;
 * with `?station` the latter only. It follows the rules of who may listen.
 */
export function createPicturePage(streams: PlayedStreams, pictures: Pictures, access: StreamAccess): Page {
  return createStreamFilePage(EXTENSION, streams, access, async (stream, _, request, response) => {
    const picture = await pictures.read(stream, request.query.has('station') ? 'station' : 'cover')
    if (picture === undefined) sendMissing(response, 'this stream has no picture')
    else send(picture, stream, request, response)
  })
}

/** A picture that was requested by its version does not change; others are revalidated (RFC 9110, section 13.1.2). */
function send(
  { type, bytes, version }: VersionedPicture,
  { plan }: Stream,
  { query, message }: PageRequest,
  response: ServerResponse,
): void {
  const isPublic = !isForMembers(plan.access)
  const tag = `"${version}"`
  const scope = isPublic ? 'public' : 'private'
  const headers = {
    ...pageHeaders(),
    // Sites may show what everyone may see.
    ...(isPublic && { 'Cross-Origin-Resource-Policy': 'cross-origin' }),
    'Cache-Control': query.get('v') === version ? `${scope}, max-age=${KEPT_S}, immutable` : `${scope}, no-cache`,
    ETag: tag,
  }
  const known = message.headers['if-none-match']?.split(',') ?? []
  if (known.some((one) => one.trim().replace(/^W\//, '') === tag)) return void response.writeHead(304, headers).end()
  response.writeHead(200, { ...headers, 'Content-Type': type, 'Content-Length': bytes.length }).end(bytes)
}
