import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { FairShare } from '../../access/fair-share.ts'
import type { Stream } from '../../stream/stream.ts'
import type { Clock } from '../../system/clock.ts'
import type { StreamAccess } from '../../transport/stream-access.ts'
import type { Page } from '../page.ts'
import { mayHavePage } from '../page-access.ts'
import type { PageRequest } from '../page-request.ts'
import type { PlayedStreams } from '../player/player.ts'
import { bytesOf, measure, Turns } from './clip-body.ts'
import { type ClipFrames, clipFrames } from './clip-frames.ts'
import { attachment, clipName } from './clip-name.ts'
import { ClipQueryError, type ClipTimes, clipTimes } from './clip-times.ts'
import { createSteadyOffset } from './steady-offset.ts'

const PREFIX = '/clip/'
/** Maximum number of clips that are sent at once, because each keeps its frames in memory. */
const MAX_CLIPS = 64
/** Number of these that an address may have when another address has more. */
const RESERVED = 2
/** Time in which a clip must be received beyond its duration, in milliseconds. */
const MORE_TIME_MS = 60_000
const RETRY_AFTER_S = 10
/** Scripts of all sites may read clips, as they may read streams. */
const HEADERS = { 'Cache-Control': 'no-store', 'Access-Control-Allow-Origin': '*' }
const EXPOSED = 'Clip-From, Clip-To, Content-Disposition'

/** `/clip/PATH`: a part of what is in the ring of a stream, as a file. The rules for listening apply to it. */
export function createClips(streams: PlayedStreams, access: StreamAccess, clock: Clock): Page {
  const places = new FairShare<ServerResponse>(
    { places: MAX_CLIPS, reserved: RESERVED, giveUp: (response) => response.destroy() },
    clock,
  )
  const turns = new Turns()
  const offsetNow = createSteadyOffset(clock)

  async function send(stream: Stream, path: string, request: PageRequest, response: ServerResponse): Promise<void> {
    // The system time may have been set since, which does not change the clock.
    const offset = offsetNow()
    const end = stream.timeline.timeOf(stream.ring.next) ?? clock.now()
    const times = timesIn(request.query, end + offset, response)
    if (times === undefined) return
    const clip = clipFrames(stream, { from: times.from - offset, to: times.to - offset })
    if (clip === undefined) return refuse(response, 404, absence(stream, offset))
    const limit = clip.to - clip.from + MORE_TIME_MS
    const cancel = clock.after(limit, () => response.destroy())
    try {
      const file = await measure(clip, turns, () => !response.destroyed)
      if (file === undefined) return
      if (file.length === 0) return refuse(response, 404, absence(stream, offset))
      response.writeHead(200, { ...fieldsOf(clip, path, offset), 'Content-Length': file.length })
      if (response.req.method === 'HEAD') return void response.end()
      // A client that disconnects is not an error.
      await pipeline(Readable.from(bytesOf(clip, file), { highWaterMark: 1 }), response).catch(() => {})
    } finally {
      cancel()
    }
  }

  return {
    owns: (path) => path.startsWith(PREFIX),
    async answer(request, response) {
      const path = request.path.slice(PREFIX.length - 1)
      const stream = await streams.find(path)
      if (stream === undefined) return refuse(response, 404, 'there is no stream at this path')
      if (!(await mayHavePage(access, stream, path, request, response))) return
      const place = places.enter(request.network, response, true)
      if (place === undefined) return refuse(response, 503, 'too many clips at once', { 'Retry-After': RETRY_AFTER_S })
      try {
        await send(stream, path, request, response)
      } finally {
        places.leave(place)
      }
    },
  }
}

/** Returns the requested times; undefined: it has responded that they cannot be read. */
function timesIn(query: URLSearchParams, end: number, response: ServerResponse): ClipTimes | undefined {
  try {
    return clipTimes(query, Date.now(), end)
  } catch (error) {
    if (!(error instanceof ClipQueryError)) throw error
    refuse(response, 400, error.message)
    return undefined
  }
}

/** @param path of the stream @param offset of the system time to the clock, in milliseconds */
function fieldsOf({ files: [file], from, to }: ClipFrames, path: string, offset: number): Record<string, string> {
  return {
    ...HEADERS,
    'Access-Control-Expose-Headers': EXPOSED,
    'Content-Type': file.contentType,
    'Content-Disposition': attachment(clipName(path, from + offset, file.extension)),
    'Clip-From': new Date(from + offset).toISOString(),
    'Clip-To': new Date(to + offset).toISOString(),
  }
}

/** Returns why a stream has nothing of the requested time. */
function absence({ ring, timeline }: Stream, offset: number): string {
  const oldest = timeline.timeOf(ring.first)
  if (oldest === undefined || ring.next === ring.first) return 'nothing of this stream is in memory yet'
  return `nothing of this time is in memory, which reaches back to ${new Date(oldest + offset).toISOString()}`
}

function refuse(response: ServerResponse, status: number, line: string, fields: Record<string, number> = {}): void {
  response.writeHead(status, { ...HEADERS, 'Content-Type': 'text/plain; charset=utf-8', ...fields })
  response.end(`${line}\n`)
}
