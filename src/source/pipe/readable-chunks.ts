import type { Readable } from 'node:stream'
import { SourceError } from '../source.ts'
import { PAUSED_MS } from './waiting-bytes.ts'

/**
 * Yields the chunks of a byte stream, until it ends or `signal` aborts, which destroys it.
 * @param waiting reads what has arrived during a pause of the caller, see `WaitingBytes`. @throws SourceError
 */
export async function* readableChunks(
  readable: Readable,
  signal: AbortSignal,
  waiting?: { take(): Buffer | undefined },
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
        next = performance.now() - yieldedAt < PAUSED_MS ? undefined : waiting?.take()
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
