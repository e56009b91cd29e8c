import type { Logger } from '@logtape/logtape'
import { type Clock, pause } from '../../system/clock.ts'
import { type Source, SourceError } from '../source.ts'
import { createBackOff, HEALTHY_AFTER_MS, LONGEST_PAUSE_MS } from './back-off.ts'
import { createOpeningLog } from './opening-log.ts'
import { paced } from './pace.ts'
import { createQuietLimit } from './quiet-limit.ts'
import { createSourceRecord, type SourceState } from './source-state.ts'

/** Policy of a source's supervision. */
export interface SupervisorPolicy {
  /** Open it again when it ends or fails. */
  readonly reopen: boolean
  /** Maximum reading rate, in bytes per second; 0 disables the limit. */
  readonly bytesPerSecond: number
  /** Time without bytes after which the source is closed, in milliseconds; 0 disables the timeout. */
  readonly maxQuietMs: number
  /** Keep reopening it after failures even without listeners. */
  readonly warm: boolean
}

/** Result of one opening. */
export interface Yield {
  readonly frames: number
  /** Its frames were emitted in real time. */
  readonly paced: boolean
  /** Why its last bytes were not usable; undefined: no problem. */
  readonly failure?: Error | undefined
}

/** Receiver of a source's bytes. */
export interface Ingest {
  /** An opening begins, and lasts until it ends or `signal` aborts. */
  opened(signal: AbortSignal): void
  /** The source has a title for this opening. */
  titled(title: string): void
  /**
   * Takes ownership of a chunk. If it returns a promise, the next chunk follows when that is resolved.
   * @throws when the bytes are not usable; the source is then closed, as after a failure.
   */
  chunk(bytes: Buffer): Promise<void> | undefined
  /** The opening has ended, and everything it created has been released. */
  closed(): Promise<Yield>
  /** The source is closed and will be opened again; or it is open, and waits for its writer. */
  away(): void
  /** Whether the stream of the source has listeners. */
  readonly hasListeners: boolean
  /** The source has ended for good: by reaching its end, or by `failure`. */
  finished(failure: Error | undefined): void
}

/** Keeps a source open while it is wanted. */
export interface Supervisor {
  /** Opens the source, unless it is open; one that is paused after a failure is opened again. */
  start(): void
  /** Closes the source; resolved when it is closed. `start` opens it again. */
  stop(why: string): Promise<void>
  /** Current state of the source. */
  readonly state: SourceState
}

/** Duration after which an opening is logged although failures are folded, in milliseconds. */
const RECOVERED_AFTER_MS = 10_000
/** Pause between two openings of a `warm` source that keeps failing without listeners, in milliseconds. */
const UNHEARD_PAUSE_MS = 60_000

/** @param log has the stream as a field. */
export function createSupervisor(
  source: Source,
  policy: SupervisorPolicy,
  ingest: Ingest,
  clock: Clock,
  log: Logger,
): Supervisor {
  let wanted: AbortController | undefined
  let running: Promise<void> = Promise.resolve()
  /**
   * Earliest time of the next opening, in milliseconds of the clock: closing the source does not cancel the pause after a
   * failure.
   */
  let notBefore = Number.NEGATIVE_INFINITY
  let wake: (() => void) | undefined
  const record = createSourceRecord(clock)
  const backOff = createBackOff(source)
  const openingLog = createOpeningLog(source, clock, log)

  async function keepOpen(signal: AbortSignal): Promise<void> {
    if (notBefore > clock.now()) await pauseUntil(notBefore, signal)
    while (!signal.aborted) {
      const outcome = await openOnce(signal)
      if (signal.aborted) {
        openingLog.closed(outcome, 'stopped')
        break
      }
      const pauseMs = backOff.next(outcome)
      const isHasty = pauseMs > 0 && outcome.livedMs < HEALTHY_AFTER_MS
      openingLog.closed(outcome, outcome.failed || isHasty ? 'retried' : 'healthy')
      if (!policy.reopen || source.once) {
        source.release?.()
        record.became('ended')
        ingest.finished(outcome.failure)
        return
      }
      ingest.away()
      notBefore = clock.now() + pauseMs
      if (pauseMs > 0) log.debug('source is opened again after a pause', { pauseMs })
      await pauseUntil(notBefore, signal)
      if (outcome.failed && pauseMs > 0 && !source.patient) await rest(pauseMs, signal)
    }
    source.release?.()
    record.became('closed')
  }

  async function pauseUntil(at: number, signal: AbortSignal): Promise<void> {
    record.became('retrying', at)
    await pause(clock, at - clock.now(), signal)
  }

  /** Waits after a failure until there is a listener; a source that is kept warm is opened without one, but less often. */
  async function rest(pauseMs: number, signal: AbortSignal): Promise<void> {
    if (ingest.hasListeners || signal.aborted) return
    const waked = new AbortController()
    wake = () => waked.abort()
    signal.addEventListener('abort', wake)
    if (!policy.warm) {
      record.became('closed')
      log.info('source rests until the next listener connects', { source: source.label })
      await new Promise((resolve) => waked.signal.addEventListener('abort', resolve))
    } else if (pauseMs >= LONGEST_PAUSE_MS) {
      await pauseUntil(clock.now() + UNHEARD_PAUSE_MS - pauseMs, waked.signal)
    }
    signal.removeEventListener('abort', wake)
    wake = undefined
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
      ingest.opened(opening.signal)
      const opened = await source.open(opening.signal, openingLog.level)
      about = opened.about
      let isWaiting = opened.waitsFor !== undefined
      let isLogged = openingLog.level === 'info'
      if (isWaiting) {
        record.became('waiting')
        ingest.away()
      } else record.opened(quiet)
      openingLog.opened(about, opened.waitsFor)
      if (opened.title !== undefined) ingest.titled(opened.title)
      const { bytesPerSecond } = policy
      const chunks = bytesPerSecond > 0 ? paced(opened.chunks, bytesPerSecond, clock, opening.signal) : opened.chunks
      for await (const chunk of chunks) {
        if (isWaiting) {
          isWaiting = false
          record.opened(quiet)
          openingLog.opened(about)
        }
        quiet.heard()
        bytes += chunk.length
        const taken = ingest.chunk(chunk)
        if (taken !== undefined) {
          quiet.rest()
          await taken
          quiet.heard()
        }
        if (!isLogged && clock.now() - openedAt >= RECOVERED_AFTER_MS) {
          isLogged = true
          openingLog.recovered(about)
        }
      }
      // It was closed although it is still wanted, because the quiet timeout expired.
      if (opening.signal.aborted && !signal.aborted) throw new SourceError(String(opening.signal.reason))
    } catch (error) {
      failure = error as Error
    } finally {
      quiet.stop()
      signal.removeEventListener('abort', close)
    }
    const yielded: Yield = await ingest.closed().catch((error: Error) => ({ frames: 0, paced: false, failure: error }))
    const livedMs = clock.now() - openedAt
    const { frames, paced: wasPaced } = yielded
    failure ??= yielded.failure
    const failed = failure !== undefined || (frames === 0 && !signal.aborted)
    const cause = failure?.message ?? (signal.aborted ? String(signal.reason) : endOf(bytes, frames))
    record.closed(cause, failed)
    return { about, livedMs, bytes, frames, paced: wasPaced, failed, failure, cause, openedAt }
  }

  return {
    get state() {
      return record.state
    },
    start() {
      if (wanted !== undefined) return wake?.()
      const wish = new AbortController()
      wanted = wish
      // Serialized: the next opening waits until the previous one has been closed.
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
