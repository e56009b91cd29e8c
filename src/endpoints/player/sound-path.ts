import { encodePath } from '../../stream/encode-path.ts'
import { samplesOf } from '../../stream/samples-of.ts'
import type { Stream } from '../../stream/stream.ts'

/** Returns the encoded path and query at which players get a stream. @param carried see `carriedQuery` */
export function soundPath(path: string, stream: Stream | undefined, carried: string): string {
  return withQuery(encodePath(path), hasSamples(stream) ? 'wav' : '', carried)
}

/** Whether a stream is sent as WAV to players. */
export function hasSamples(stream: Stream | undefined): boolean {
  return stream !== undefined && samplesOf(stream) !== undefined
}

/** Returns the encoded path and query of a stream's page to pass on: with a signed link, but without a password. */
export function sharedAddress(path: string, carried: string): string {
  const query = new URLSearchParams(carried)
  for (const name of ['user', 'pass']) query.delete(name)
  return withQuery(encodePath(path), query.toString())
}

/** Adds a query to an encoded path. @param parts of the query, encoded; empty ones are left out */
export function withQuery(path: string, ...parts: readonly string[]): string {
  const query = parts.filter((part) => part !== '').join('&')
  return query === '' ? path : `${path}?${query}`
}
