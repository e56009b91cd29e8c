import type { Logger } from '@logtape/logtape'
import { type Clock, pause } from '../system/clock.ts'
import { createBackOff, HEALTHY_AFTER_MS, LONGEST_PAUSE_MS } from './back-off.ts'
import { createOpeningLog } from './opening-log.ts'
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
  /** Go on opening it when it fails and there is no listener. */
  readonly warm: boolean
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
  /** The source is away, and will be opened again; or it is open, and waits for its writer. */
  away(): void
  /** The stream of the source has listeners. */
  readonly hasListeners: boolean
  /** The source has ended for good: by its end, or by `failure`. */
  finished(failure: Error | undefined): void
}

/** Keeps a source open for as long as it is wanted. */
export interface Supervisor {
  /** Opens the source, unless it is open; one that rests after a failure is opened again. */
  start(): void
  /** Closes the source; resolved when it is closed. `start` opens it again. */
  stop(why: string): Promise<void>
  /** How the source is now. */
  readonly state: SourceState
}

/** An opening of a source whose failures are folded is logged when it has lasted for this time, in milliseconds. */
const RECOVERED_AFTER_MS = 10_000
/** Pause between two openings of a `warm` source that keeps failing while there is no listener, in milliseconds. */
const UNHEARD_PAUSE_MS = 60_000

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
  /** The pause after a failure holds although the source was closed meanwhile, in milliseconds of the clock. */
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
        intake.finished(outcome.failure)
        return
      }
      intake.away()
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

  /** A source that fails is not opened again before there is a listener; one that is kept warm is, though seldom. */
  async function rest(pauseMs: number, signal: AbortSignal): Promise<void> {
    if (intake.hasListeners || signal.aborted) return
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
      intake.opened(opening.signal)
      const opened = await source.open(opening.signal, openingLog.level)
      about = opened.about
      let isWaiting = opened.waitsFor !== undefined
      let isLogged = openingLog.level === 'info'
      if (isWaiting) {
        record.became('waiting')
        intake.away()
      } else record.opened(quiet)
      openingLog.opened(about, opened.waitsFor)
      if (opened.title !== undefined) intake.titled(opened.title)
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
        const taken = intake.chunk(chunk)
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
      // Closed, but not because nobody wants it any more: it was too quiet.
      if (opening.signal.aborted && !signal.aborted) throw new SourceError(String(opening.signal.reason))
    } catch (error) {
      failure = error as Error
    } finally {
      quiet.stop()
      signal.removeEventListener('abort', close)
    }
    const yielded: Yield = await intake.closed().catch((error: Error) => ({ frames: 0, paced: false, failure: error }))
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
