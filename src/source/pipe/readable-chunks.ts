import type { Readable } from 'node:stream'
import { SourceError } from '../source.ts'

/** Yields the chunks of a byte stream, until it ends or `signal` aborts, which destroys it. @throws SourceError */
export async function* readableChunks(readable: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
  const stop = () => readable.destroy()
  signal.addEventListener('abort', stop)
  try {
    if (signal.aborted) return
    for await (const chunk of readable) yield chunk as Buffer
  } catch (error) {
    // Destroying the stream ends the loop with an error of its own.
    if (!signal.aborted) throw new SourceError((error as Error).message, { cause: error })
  } finally {
    signal.removeEventListener('abort', stop)
    readable.destroy()
  }
}
