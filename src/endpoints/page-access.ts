import type { ServerResponse } from 'node:http'
import type { Purpose } from '../access/listen-gate.ts'
import type { Permission } from '../delivery/visit.ts'
import type { ServedStream } from '../stream/served-stream.ts'
import type { AccessRequest, Refusal, StreamAccess } from '../transport/stream-access.ts'
import { pageHeaders } from './headers.ts'
import type { PageRequest } from './page-request.ts'

/** Parts of a query that permit to listen. */
const CREDENTIALS = ['user', 'pass', 'until', 'sign']
/** Parts of a query that this server reads itself. */
const OWN = new Set([...CREDENTIALS, 'wav', 'raw', 'burst', 'at', 'ago', 'low', 'events'])

/** Asks whether a client may have a stream. @param path decoded path of the stream @returns undefined: every client may */
export async function askFor(
  access: StreamAccess,
  stream: ServedStream,
  path: string,
  purpose: Purpose,
  request: PageRequest,
): Promise<Permission | Refusal | undefined> {
  return access.ask(stream, purpose, () => accessRequestOf(path, request))
}

/**
 * Asks whether a client may have the pages of a stream, and responds when it may not.
 * @param path decoded path of the stream @returns false when it has responded
 */
export async function mayHavePage(
  access: StreamAccess,
  stream: ServedStream,
  path: string,
  request: PageRequest,
  response: ServerResponse,
): Promise<boolean> {
  const verdict = await askFor(access, stream, path, 'page', request)
  if (verdict === undefined || !('status' in verdict)) return true
  const { status, line, fields } = verdict
  response.writeHead(status, { ...pageHeaders(), 'Content-Type': 'text/plain; charset=utf-8', ...fields })
  response.end(`${line}\n`)
  return false
}

/**
 * Returns the part of a page's query that its stream needs too, encoded: a signed link, or a user and a password; where a URL is asked
 * about listeners, everything that it may read.
 */
export function carriedQuery(stream: ServedStream | undefined, { query }: PageRequest): string {
  const carried = new URLSearchParams()
  const isCarried = (name: string) =>
    CREDENTIALS.includes(name) || (stream?.plan.access.url !== undefined && !OWN.has(name))
  for (const [name, value] of query) if (isCarried(name)) carried.append(name, value)
  return carried.toString()
}

function accessRequestOf(path: string, { query, message, address, network }: PageRequest): AccessRequest {
  const headers = { get: (name: string) => [message.headers[name]].flat().join(', ') || undefined }
  return { path, query, target: message.url ?? '', headers, address, network }
}
