import { parseDuration } from '../text/duration.ts'
import { RefusedValue } from '../text/refused-value.ts'
import { isWebSocket } from './delegate.ts'
import { isNavigation } from './http/navigation.ts'
import { BadRequest, type RequestHead } from './http/request-head.ts'
import { isForPlayers } from './icy/shoutcast-paths.ts'

/** The form and the position in which a request wants its stream. */
export interface StreamQuery {
  /** A page with a player, not the stream itself. */
  readonly page: boolean
  /** Frames over a WebSocket, with minimum delay. */
  readonly low: boolean
  /** Raw samples as WAV. */
  readonly wav: boolean
  /** Start, in milliseconds behind the newest frame; undefined: the default. */
  readonly burstMs: number | undefined
  /** Number of the first frame, if the ring still has it; undefined: the default. */
  readonly frame: number | undefined
  /** Age of the first frame, in milliseconds, if the ring reaches so far; undefined: the default. */
  readonly agoMs: number | undefined
}

/** Forms in which a stream can be sent. */
export interface Offer {
  /** Defined when the frames are raw samples, which can be sent as WAV. */
  readonly samples: { readonly wavByDefault: boolean } | undefined
  /** The stream's own media type; undefined as long as it is not known. */
  readonly contentType: string | undefined
}

/** Reads a request's query (`?wav`, `?raw`, `?burst=500ms`, `?at=FRAME`, `?ago=10m`, `?low`) and what it accepts. @throws BadRequest */
export function queryOf(request: RequestHead, { samples, contentType }: Offer): StreamQuery {
  const { query, headers } = request
  // An unknown type may be sound: the source may not have been opened yet.
  const isSound = samples !== undefined || (contentType ?? 'audio/').startsWith('audio/')
  const asksForSound = ['wav', 'raw', 'burst', 'at', 'ago'].some((name) => query.has(name)) || isForPlayers(request)
  return {
    page: isSound && !asksForSound && isNavigation(headers),
    low: query.has('low') && isWebSocket(request),
    wav: samples !== undefined && (query.has('wav') || (samples.wavByDefault && !query.has('raw'))),
    burstMs: durationIn(query, 'burst'),
    frame: frameIn(query.get('at')),
    agoMs: durationIn(query, 'ago'),
  }
}

function frameIn(text: string | null): number | undefined {
  if (text === null) return undefined
  if (!/^\d{1,15}$/.test(text)) throw new BadRequest(400, 'at must be the number of a frame')
  return Number(text)
}

function durationIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  try {
    return text === null ? undefined : parseDuration(text)
  } catch (error) {
    if (error instanceof RefusedValue) throw new BadRequest(400, `${name} ${error.message}`)
    throw error
  }
}
