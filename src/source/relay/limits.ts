import type { Duplex, Readable } from 'node:stream'
import type { Clock } from '../../system/clock.ts'
import { SourceError } from '../source.ts'

/** Limits of an opening. */
export interface Limits {
  readonly clock: Clock
  /** Ends the opening. */
  readonly signal: AbortSignal
}

/**
 * Destroys a stream after `ms` milliseconds, or at an abort.
 * @param what has not arrived by then, for the error. @returns a function that cancels it
 */
export function destroyAfter(
  stream: Readable | Duplex,
  ms: number,
  what: string,
  { clock, signal }: Limits,
): () => void {
  const abort = () => stream.destroy(new SourceError('aborted'))
  const cancel = clock.after(ms, () => stream.destroy(new SourceError(`${what} within ${ms / 1000} s`)))
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort)
  return () => {
    cancel()
    signal.removeEventListener('abort', abort)
  }
}
