import type { ServerResponse } from 'node:http'
import { isForMembers, isOpenToAll } from '../../access/listen-gate.ts'
import { clientKey } from '../../hls/hls-clients.ts'
import type { HlsStream } from '../../hls/hls-stream.ts'
import { setUser } from '../../transport/exchange.ts'
import type { StreamAccess } from '../../transport/stream-access.ts'
import { askFor, carriedQuery } from '../page-access.ts'
import type { PageRequest } from '../page-request.ts'
import { refuseHls } from './hls-response.ts'

/**
 * Admits a client to a stream, or responds with a refusal. The rules are checked at its first request, and it has one place among the
 * listeners until it has not asked for some time; its further requests, with the same credentials, are of the same visit.
 * @returns false when it has responded
 */
export async function admitToHls(
  hls: HlsStream,
  access: StreamAccess,
  request: PageRequest,
  response: ServerResponse,
): Promise<boolean> {
  const { stream, clients } = hls
  const key = keyOf(hls, request)
  const known = clients.asked(key)
  if (known !== undefined) {
    setUser(request.message.socket, known.permission?.user)
    return true
  }
  if (isOpenToAll(stream.plan)) {
    clients.add(key)
    return true
  }
  // What is left of a stream that has ended is as its pages are.
  const verdict = await askFor(access, stream, stream.path, stream.isFinished ? 'page' : 'listen', request)
  if (verdict !== undefined && 'status' in verdict) {
    const { status, line, fields } = verdict
    refuseHls(response, status, line, { fields, isPrivate: true })
    return false
  }
  setUser(request.message.socket, verdict?.user)
  clients.add(key, verdict)
  return true
}

/** Clients of a stream for some clients differ by what they offer, too. */
function keyOf({ stream }: HlsStream, request: PageRequest): string {
  const { address, message } = request
  const { authorization = '', 'user-agent': agent = '' } = message.headers
  if (!isForMembers(stream.plan.access)) return clientKey(address, agent)
  return clientKey(address, agent, authorization, carriedQuery(stream, withoutTag(request)))
}

/** Segments have a tag of their own in the query; see Segment. */
function withoutTag(request: PageRequest): PageRequest {
  const query = new URLSearchParams(request.query)
  query.delete('h')
  return { ...request, query }
}
