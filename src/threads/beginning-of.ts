import type { Stream } from '../stream/stream.ts'
import type { Beginning, Wish } from './messages.ts'

/** Looks for the first frame, from the one that is wished for on, that a listener can begin at. */
export function beginningOf(stream: Stream, wish: Wish): Beginning {
  const { ring } = stream
  for (let at = Math.max(wish.from, ring.first); at < ring.next; at++) {
    const preamble = stream.preamble(at, wish.joining, wish.missedFrom)
    // A copy, for what it is a view of would be sent along.
    if (preamble !== null) return { ...wish, at, preamble: new Uint8Array(preamble) }
  }
  return { ...wish, at: Math.max(wish.from, ring.next), preamble: null }
}
