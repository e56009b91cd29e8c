import type { Stream } from '../stream/stream.ts'
import type { Beginning, Wish } from './messages.ts'

/** Finds the first frame, from the requested one on, at which a listener can begin. */
export function beginningOf(stream: Stream, wish: Wish): Beginning {
  const { ring } = stream
  for (let at = Math.max(wish.from, ring.first); at < ring.next; at++) {
    const preamble = stream.preamble(at, wish.joining, wish.missedFrom)
    // A copy, because the whole memory behind a view would be sent with it.
    if (preamble !== null) return { ...wish, at, preamble: new Uint8Array(preamble) }
  }
  return { ...wish, at: Math.max(wish.from, ring.next), preamble: null }
}
