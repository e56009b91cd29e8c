import { parseDuration } from '../duration.ts'
import { RefusedValue } from '../refused-value.ts'
import { BadRequest, type RequestHead } from './request-head.ts'

/** How one request wants its stream. */
export interface Wish {
  /** A page with a player, not the stream itself. */
  readonly page: boolean
  /** Raw samples as WAV. */
  readonly wav: boolean
  /** How far behind the newest frame it begins, in milliseconds; undefined: the request does not say. */
  readonly burstMs: number | undefined
}

/** What a stream can be had as. */
export interface Offer {
  /** Whether the frames are raw samples that can be had as WAV, and are if nothing else is asked for. */
  readonly samples: { readonly wavByDefault: boolean } | undefined
  /** The stream's own media type; undefined as long as it is not known. */
  readonly contentType: string | undefined
}

/** Reads a request's query (`?wav`, `?raw`, `?burst=500ms`) and what it accepts. @throws BadRequest */
export function wishOf({ query, headers }: RequestHead, { samples, contentType = '' }: Offer): Wish {
  const isSound = samples !== undefined || contentType.startsWith('audio/')
  const asksForSound = ['wav', 'raw', 'burst'].some((name) => query.has(name))
  return {
    page: isSound && !asksForSound && (headers.get('accept') ?? '').includes('text/html'),
    wav: samples !== undefined && (query.has('wav') || (samples.wavByDefault && !query.has('raw'))),
    burstMs: burstIn(query.get('burst')),
  }
}

function burstIn(text: string | null): number | undefined {
  try {
    return text === null ? undefined : parseDuration(text)
  } catch (error) {
    if (error instanceof RefusedValue) throw new BadRequest(400, `burst ${error.message}`)
    throw error
  }
}
