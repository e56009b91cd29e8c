import type { Stream } from '../stream/stream.ts'
import type { JoinPoint, JoinRequest } from './messages.ts'

/** Finds the first frame, from the requested one on, at which a listener can begin. */
export function joinPointOf(stream: Stream, request: JoinRequest): JoinPoint {
  const { ring } = stream
  for (let at = Math.max(request.from, ring.first); at < ring.next; at++) {
    const preamble = stream.preamble(at, request.joining, request.missedFrom)
    // A copy, because the whole memory behind a view would be sent with it.
    if (preamble !== null) return { ...request, at, preamble: new Uint8Array(preamble) }
  }
  return { ...request, at: Math.max(request.from, ring.next), preamble: null }
}
