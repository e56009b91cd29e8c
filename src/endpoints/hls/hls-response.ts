import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** How long caches may keep a response, and that of a stream that is not for every client. */
const PRIVATE = 'private, no-store'
const LIFETIMES = {
  /** A new segment is in the next playlist; an older playlist is better than none. */
  playlist: 'public, max-age=1, stale-while-revalidate=2, stale-if-error=10',
  /** A name never has other bytes. */
  segment: 'public, max-age=3600, immutable',
  /** It may exist in a moment. */
  missing: 'public, max-age=1',
  none: 'no-store',
} as const

type Lifetime = keyof typeof LIFETIMES

export const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl'

/** A body with its type. */
export interface HlsBody {
  readonly type: string
  readonly bytes: string | Buffer
  /** Entity tag; undefined: none. */
  readonly tag?: string
  readonly lifetime: Lifetime
}

/** Returns the header fields of all responses: pages of other sites may read them, without credentials (Fetch, section 3.2). */
function hlsHeaders(lifetime: Lifetime, isPrivate: boolean): OutgoingHttpHeaders {
  return {
    'Access-Control-Allow-Origin': '*',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Cache-Control': isPrivate ? PRIVATE : LIFETIMES[lifetime],
  }
}

/** Sends a body, or 304 to a client that has it. @returns the number of bytes of the body sent */
export function sendHls(response: ServerResponse, body: HlsBody, isPrivate: boolean): number {
  const { type, tag, lifetime } = body
  const headers = { ...hlsHeaders(lifetime, isPrivate), ...(tag === undefined ? {} : { ETag: tag }) }
  if (tag !== undefined && isKnown(response.req.headers['if-none-match'], tag)) {
    response.writeHead(304, headers).end()
    return 0
  }
  const bytes = typeof body.bytes === 'string' ? Buffer.from(body.bytes) : body.bytes
  response.writeHead(200, { ...headers, 'Content-Type': type, 'Content-Length': bytes.length }).end(bytes)
  return response.req.method === 'HEAD' ? 0 : bytes.length
}

/** Refuses a request with a line of text. */
export function refuseHls(
  response: ServerResponse,
  status: number,
  line: string,
  { fields = {}, isPrivate = false }: { readonly fields?: OutgoingHttpHeaders; readonly isPrivate?: boolean } = {},
): void {
  const headers = hlsHeaders(status === 404 ? 'missing' : 'none', isPrivate)
  const text = Buffer.from(`${line}\n`)
  const type = { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': text.length }
  response.writeHead(status, { ...headers, ...type, ...fields }).end(text)
}

/** RFC 9110, section 13.1.2. */
function isKnown(known: string | undefined, tag: string): boolean {
  return known?.split(',').some((one) => one.trim().replace(/^W\//, '') === tag) === true
}
