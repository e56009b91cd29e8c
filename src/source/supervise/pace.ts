import { type Clock, pause } from '../../system/clock.ts'

/** Duration of the pieces into which sound is cut, in milliseconds, so that a slow source flows evenly. */
const PIECE_MS = 20
/** Maximum delay that is caught up after a source was too slow, in milliseconds. */
const CATCH_UP_MS = 500

/** Yields chunks at no more than `bytesPerSecond`, cut into pieces, until they end or `signal` aborts. */
export async function* paced(
  chunks: AsyncIterable<Buffer>,
  bytesPerSecond: number,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const pieceBytes = Math.max(1, Math.round((bytesPerSecond * PIECE_MS) / 1000))
  let due = clock.now()
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length && !signal.aborted; at += pieceBytes) {
      const now = clock.now()
      if (due > now) await pause(clock, due - now, signal)
      else due = Math.max(due, now - CATCH_UP_MS)
      if (signal.aborted) return
      const piece = chunk.subarray(at, at + pieceBytes)
      due += (piece.length / bytesPerSecond) * 1000
      yield piece
    }
  }
}
