import type { Readable } from 'node:stream'
import { type Source, SourceError } from '../source.ts'
import { WaitingBytes } from './waiting-bytes.ts'

/**
 * Makes a source of standard input, a stream that is read on demand, see `readSingly`. Closing it would end the writing program for good, so without listeners it is only left
 * unread, and the writer blocks. Once it has ended it cannot be opened again.
 */
export function createStandardInputSource(input: Readable): Source {
  // The error is also in the stream's state, and is thrown at the next read.
  input.on('error', () => {})
  return {
    label: 'standard input',
    mayPause: true,
    once: true,
    open: async (signal) => ({ chunks: unreadChunks(input, signal), about: {} }),
  }
}

async function* unreadChunks(input: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
  const waiting = new WaitingBytes(input)
  let yieldedAt = Number.POSITIVE_INFINITY
  while (!signal.aborted && !input.readableEnded && !input.destroyed) {
    const chunk = waiting.take(yieldedAt) ?? (input.read() as Buffer | null)
    yieldedAt = performance.now()
    if (chunk !== null) yield chunk
    else {
      await stateChange(input, signal)
      yieldedAt = Number.POSITIVE_INFINITY
    }
  }
  if (input.errored && !signal.aborted) throw new SourceError(input.errored.message, { cause: input.errored })
}

const STATE_EVENTS = ['readable', 'end', 'close', 'error']

/**
 * Resolved when the state of the input has changed, or on an abort. It does not derive an AbortSignal from `signal`, because
 * each derived one would stay attached to it.
 */
function stateChange(input: Readable, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const name of STATE_EVENTS) input.off(name, done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    for (const name of STATE_EVENTS) input.on(name, done)
    signal.addEventListener('abort', done)
  })
}
