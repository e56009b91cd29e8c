import type { Logger } from '@logtape/logtape'
import { type Clock, pause } from '../clock.ts'
import { createBackOff } from './back-off.ts'
import { paced } from './pace.ts'
import { createQuietLimit } from './quiet-limit.ts'
import { type Source, SourceError } from './source.ts'
import { createSourceRecord, type SourceState } from './source-state.ts'

/** How a source is looked after. */
export interface SupervisorPolicy {
  /** Open it again when it ends or fails. */
  readonly reopen: boolean
  /** Read no faster than so many bytes a second; 0 is as fast as it comes. */
  readonly bytesPerSecond: number
  /** Close it when it gives nothing for so many milliseconds; 0 is never. */
  readonly maxQuietMs: number
}

/** What an opening came to. */
export interface Yield {
  readonly frames: number
  /** They took the time that they last. */
  readonly paced: boolean
  /** Why nothing could be made of its last bytes; undefined: all is well. */
  readonly failure?: Error | undefined
}

/** Where the bytes of a source go. */
export interface Intake {
  /** An opening begins, and goes on until it ends or `signal` aborts. */
  opened(signal: AbortSignal): void
  /** The source says what the opening plays. */
  titled(title: string): void
  /**
   * Takes a chunk over. The next one comes when what it returns is resolved, if it returns something.
   * @throws when nothing can be made of the bytes; the source is closed then, as if it had failed.
   */
  chunk(bytes: Buffer): Promise<void> | undefined
  /** The opening has ended, and all it made is gone. */
  closed(): Promise<Yield>
  /** The source is away, and will be opened again. */
  away(): void
  /** The source has ended for good: by its end, or by `failure`. */
  finished(failure: Error | undefined): void
}

/** Keeps a source open for as long as it is wanted. */
export interface Supervisor {
  start(): void
  /** Closes the source; resolved when it is closed. `start` opens it again. */
  stop(why: string): Promise<void>
  /** How the source is now. */
  readonly state: SourceState
}

/** @param log says which stream it is. */
export function createSupervisor(
  source: Source,
  policy: SupervisorPolicy,
  intake: Intake,
  clock: Clock,
  log: Logger,
): Supervisor {
  let wanted: AbortController | undefined
  let running: Promise<void> = Promise.resolve()
  const record = createSourceRecord(clock)

  async function keepOpen(signal: AbortSignal): Promise<void> {
    const backOff = createBackOff(source)
    while (!signal.aborted) {
      const outcome = await openOnce(signal)
      if (signal.aborted) break
      if (!policy.reopen || source.once) {
        source.release?.()
        record.became('ended')
        intake.finished(outcome.failure)
        return
      }
      intake.away()
      const pauseMs = backOff.next(outcome)
      if (pauseMs > 0) log.debug('source is opened again after a pause', { pauseMs })
      record.became('retrying', clock.now() + pauseMs)
      await pause(clock, pauseMs, signal)
    }
    source.release?.()
    record.became('closed')
  }

  async function openOnce(signal: AbortSignal) {
    const opening = new AbortController()
    const close = () => opening.abort(signal.reason)
    signal.addEventListener('abort', close)
    const quiet = createQuietLimit(policy.maxQuietMs, clock, () =>
      opening.abort(`quiet for ${policy.maxQuietMs / 1000} s`),
    )
    const openedAt = clock.now()
    let bytes = 0
    let failure: Error | undefined
    let about: Readonly<Record<string, unknown>> = {}
    record.became('opening')
    try {
      intake.opened(opening.signal)
      const opened = await source.open(opening.signal)
      about = opened.about
      record.opened(quiet)
      log.info('source opened', { source: source.label, ...about })
      if (opened.title !== undefined) intake.titled(opened.title)
      const { bytesPerSecond } = policy
      const chunks = bytesPerSecond > 0 ? paced(opened.chunks, bytesPerSecond, clock, opening.signal) : opened.chunks
      for await (const chunk of chunks) {
        quiet.heard()
        bytes += chunk.length
        const taken = intake.chunk(chunk)
        if (taken !== undefined) {
          quiet.rest()
          await taken
          quiet.heard()
        }
      }
      // Closed, but not because nobody wants it any more: it was too quiet.
      if (opening.signal.aborted && !signal.aborted) throw new SourceError(String(opening.signal.reason))
    } catch (error) {
      failure = error as Error
    } finally {
      quiet.stop()
      signal.removeEventListener('abort', close)
    }
    const { frames, paced: wasPaced, failure: lateFailure } = await intake.closed()
    failure ??= lateFailure
    const livedMs = clock.now() - openedAt
    const failed = failure !== undefined || (frames === 0 && !signal.aborted)
    const cause = failure?.message ?? (signal.aborted ? String(signal.reason) : endOf(bytes, frames))
    log[failed ? 'warn' : 'info']('source closed', {
      source: source.label,
      ...about,
      uptime: seconds(livedMs),
      bytes,
      cause,
    })
    record.closed(cause, failed)
    return { livedMs, frames, paced: wasPaced, failed, failure }
  }

  return {
    get state() {
      return record.state
    },
    start() {
      if (wanted !== undefined) return
      const wish = new AbortController()
      wanted = wish
      // One after the other: the next opening waits until the one before has been closed.
      running = running.then(() => keepOpen(wish.signal))
    },
    stop(why) {
      wanted?.abort(why)
      wanted = undefined
      return running
    },
  }
}

function endOf(bytes: number, frames: number): string {
  if (frames > 0) return 'end of input'
  return `end of input, without a ${bytes > 0 ? 'frame' : 'byte'} in it`
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)}s`
}
