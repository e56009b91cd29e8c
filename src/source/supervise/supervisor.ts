import type { Logger } from '@logtape/logtape'
import { type Clock, pause } from '../../system/clock.ts'
import type { Source } from '../source.ts'
import { type BackOff, createBackOff, HEALTHY_AFTER_MS, LONGEST_PAUSE_MS } from './back-off.ts'
import type { Ingest } from './ingest.ts'
import { OpeningReports } from './opening-reports.ts'
import type { SourceEvent } from './source-event.ts'
import { createSourceRecord, type SourceRecord, type SourceState } from './source-state.ts'
import { type OpeningResult, SupervisedOpening } from './supervised-opening.ts'

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

/** Pause between two openings of a `warm` source that keeps failing without listeners, in milliseconds. */
const UNHEARD_PAUSE_MS = 60_000

/** Keeps a source open while it is wanted: opens it again when it ends, and after a pause when it fails. */
export class Supervisor {
  readonly #source: Source
  readonly #policy: SupervisorPolicy
  readonly #ingest: Ingest
  readonly #clock: Clock
  readonly #log: Logger
  readonly #record: SourceRecord
  readonly #backOff: BackOff
  readonly #reports: OpeningReports
  /** Closes the source when it aborts; undefined while the source is not wanted. */
  #wanted: AbortController | undefined
  /** Resolved when the source is closed. */
  #running: Promise<void> = Promise.resolve()
  /**
   * Earliest time of the next opening, in milliseconds of the clock: closing the source does not cancel the pause after a
   * failure.
   */
  #notBefore = Number.NEGATIVE_INFINITY
  /** Ends the wait for a listener; undefined: it does not wait for one. */
  #wake: (() => void) | undefined

  /** @param emit receives the source's events. @param log has the stream as a field. */
  constructor(
    source: Source,
    policy: SupervisorPolicy,
    ingest: Ingest,
    emit: (event: SourceEvent) => void,
    clock: Clock,
    log: Logger,
  ) {
    this.#source = source
    this.#policy = policy
    this.#ingest = ingest
    this.#clock = clock
    this.#log = log
    this.#record = createSourceRecord(clock)
    this.#backOff = createBackOff(source)
    this.#reports = new OpeningReports(source, clock, emit)
  }

  /** Current state of the source. */
  get state(): SourceState {
    return this.#record.state
  }

  /** Opens the source, unless it is open; one that is paused after a failure is opened again. */
  start(): void {
    if (this.#wanted !== undefined) return this.#wake?.()
    const wanted = new AbortController()
    this.#wanted = wanted
    // Serialized: the next opening waits until the previous one has been closed.
    this.#running = this.#running.then(() => this.#keepOpen(wanted.signal))
  }

  /** Closes the source; resolved when it is closed. `start` opens it again. */
  stop(why: string): Promise<void> {
    this.#wanted?.abort(why)
    this.#wanted = undefined
    return this.#running
  }

  async #keepOpen(signal: AbortSignal): Promise<void> {
    if (this.#notBefore > this.#clock.now()) await this.#pauseUntil(this.#notBefore, signal)
    while (!signal.aborted) {
      const result = await this.#open(signal)
      if (signal.aborted) {
        this.#reports.closed(result, 'stopped')
        break
      }
      const pauseMs = this.#backOff.next(result)
      const isHasty = pauseMs > 0 && result.livedMs < HEALTHY_AFTER_MS
      const isLast = !this.#policy.reopen || this.#source.once === true
      const kind = result.failed || isHasty ? 'retried' : 'healthy'
      this.#reports.closed(result, kind, isLast ? undefined : pauseMs)
      if (isLast) return this.#finish(result.failure)
      await this.#pauseAfter(result, pauseMs, signal)
    }
    this.#source.release?.()
    this.#record.became('closed')
  }

  #open(signal: AbortSignal): Promise<OpeningResult> {
    return new SupervisedOpening({
      source: this.#source,
      policy: this.#policy,
      ingest: this.#ingest,
      clock: this.#clock,
      record: this.#record,
      reports: this.#reports,
    }).run(signal)
  }

  #finish(failure: Error | undefined): void {
    this.#source.release?.()
    this.#record.became('ended')
    this.#ingest.finished(failure)
  }

  async #pauseAfter({ failed }: OpeningResult, pauseMs: number, signal: AbortSignal): Promise<void> {
    this.#ingest.away()
    this.#notBefore = this.#clock.now() + pauseMs
    if (pauseMs > 0) this.#log.debug('source retry scheduled', { pauseMs })
    await this.#pauseUntil(this.#notBefore, signal)
    if (failed && pauseMs > 0 && !this.#source.patient) await this.#waitForListener(pauseMs, signal)
  }

  async #pauseUntil(at: number, signal: AbortSignal): Promise<void> {
    this.#record.became('retrying', at)
    await pause(this.#clock, at - this.#clock.now(), signal)
  }

  /** Waits after a failure until there is a listener; a source that is kept warm is opened without one, but less often. */
  async #waitForListener(pausedMs: number, signal: AbortSignal): Promise<void> {
    if (this.#ingest.hasListeners || signal.aborted) return
    const woken = new AbortController()
    const wake = () => woken.abort()
    this.#wake = wake
    signal.addEventListener('abort', wake)
    if (!this.#policy.warm) {
      this.#record.became('closed')
      this.#log.info('source retry suspended', { source: this.#source.label, until: 'next listener' })
      await new Promise((resolve) => woken.signal.addEventListener('abort', resolve))
    } else if (pausedMs >= LONGEST_PAUSE_MS) {
      await this.#pauseUntil(this.#clock.now() + UNHEARD_PAUSE_MS - pausedMs, woken.signal)
    }
    signal.removeEventListener('abort', wake)
    this.#wake = undefined
  }
}
