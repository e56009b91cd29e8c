import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { type Source, SourceError } from './source.ts'

/**
 * Standard input. Closing it would end the program that writes into it for good, so while nobody listens it is only left
 * unread, and the writer waits. Once it has ended it cannot be opened again.
 */
export function createStandardInputSource(input: Readable): Source {
  return {
    label: 'standard input',
    once: true,
    open: async (signal) => ({ chunks: unreadChunks(input, signal), about: {} }),
  }
}

async function* unreadChunks(input: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
  while (!signal.aborted && !input.readableEnded && !input.destroyed) {
    const chunk = input.read() as Buffer | null
    if (chunk === null) await somethingNew(input, signal)
    else yield chunk
  }
  if (input.errored && !signal.aborted) throw new SourceError(input.errored.message, { cause: input.errored })
}

async function somethingNew(input: Readable, signal: AbortSignal): Promise<void> {
  const settled = new AbortController()
  const either = AbortSignal.any([signal, settled.signal])
  const events = ['readable', 'end', 'close'].map((name) => once(input, name, { signal: either }))
  try {
    await Promise.race(events)
  } catch {
    // An abort, or an error of the stream: its state says which.
  } finally {
    settled.abort()
    await Promise.allSettled(events)
  }
}
