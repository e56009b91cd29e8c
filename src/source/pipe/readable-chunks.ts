import type { Readable } from 'node:stream'
import { SourceError } from '../source.ts'

/**
 * Yields the chunks of a byte stream, until it ends or `signal` aborts, which destroys it.
 * @param waiting reads what has arrived during a pause of the caller, see `WaitingBytes`. @throws SourceError
 */
export async function* readableChunks(
  readable: Readable,
  signal: AbortSignal,
  waiting?: { take(yieldedAt: number): Buffer | undefined },
): AsyncGenerator<Buffer> {
  const stop = () => readable.destroy()
  signal.addEventListener('abort', stop)
  try {
    if (signal.aborted) return
    for await (const chunk of readable) {
      let next: Buffer | undefined = chunk as Buffer
      while (next !== undefined) {
        const yieldedAt = performance.now()
        yield next
        next = waiting?.take(yieldedAt)
      }
    }
  } catch (error) {
    // Destroying the stream ends the loop with an error of its own.
    if (!signal.aborted) throw new SourceError((error as Error).message, { cause: error })
  } finally {
    signal.removeEventListener('abort', stop)
    readable.destroy()
  }
}
