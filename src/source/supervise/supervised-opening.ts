import type { Clock } from '../../system/clock.ts'
import { type Source, type SourceConnection, SourceError } from '../source.ts'
import type { Outcome } from './back-off.ts'
import type { Ingest, Yield } from './ingest.ts'
import type { Ending, OpeningReports } from './opening-reports.ts'
import { paced } from './pace.ts'
import { createQuietLimit, type QuietLimit } from './quiet-limit.ts'
import type { FailureCause } from './source-event.ts'
import type { SourceRecord } from './source-state.ts'

/** Source of an opening, and receivers of its bytes and events. */
interface OpeningContext {
  readonly source: Source
  /** See SupervisorPolicy. */
  readonly policy: { readonly bytesPerSecond: number; readonly maxQuietMs: number }
  readonly ingest: Ingest
  readonly clock: Clock
  readonly record: SourceRecord
  readonly reports: OpeningReports
}

/** Result of one open-close cycle. */
export interface OpeningResult extends Outcome, Ending {
  readonly failure: Error | undefined
}

/** Duration after which an opening is reported although failures are folded, in milliseconds. */
const RECOVERED_AFTER_MS = 10_000

/** One open-close cycle of a source: opens it, hands its chunks to the ingest, and closes it when it is quiet for too long. */
export class SupervisedOpening {
  readonly #context: OpeningContext
  readonly #openedAt: number
  /** Aborts when the opening is to be closed, for whatever reason. */
  readonly #closing = new AbortController()
  readonly #quiet: QuietLimit
  #connection: SourceConnection | undefined
  #about: Readonly<Record<string, unknown>> = {}
  #bytes = 0
  /** Cause of a failure at this point. */
  #cause: FailureCause = 'not opened'
  /** It is open, and its writer or publisher has not sent a byte yet. */
  #isWaiting = false
  #isReported = false

  constructor(context: OpeningContext) {
    const { clock, policy, source } = context
    this.#context = context
    this.#openedAt = clock.now()
    const maxQuietMs = policy.maxQuietMs || (source.maxQuietMs ?? 0)
    this.#quiet = createQuietLimit(maxQuietMs, clock, () => this.#closeQuiet(maxQuietMs))
    // A source that connects has limits of its own for that.
    this.#quiet.suspend()
  }

  /** Runs until the source has ended or failed, or `signal` aborts; then it has been closed. Never rejects. */
  async run(signal: AbortSignal): Promise<OpeningResult> {
    const close = () => this.#closing.abort(signal.reason)
    signal.addEventListener('abort', close)
    this.#context.record.became('opening')
    let failure: Error | undefined
    try {
      await this.#read(await this.#open())
      // It was closed although it is still wanted, because the quiet timeout expired.
      if (this.#closing.signal.aborted && !signal.aborted) throw new SourceError(String(this.#closing.signal.reason))
    } catch (error) {
      // A source that is closed on purpose while it connects has not failed.
      if (!signal.aborted) failure = error as Error
    } finally {
      this.#quiet.stop()
      signal.removeEventListener('abort', close)
    }
    return this.#close(failure, signal)
  }

  #closeQuiet(maxQuietMs: number): void {
    this.#cause = 'quiet'
    this.#closing.abort(`quiet for ${maxQuietMs / 1000} s`)
  }

  async #open(): Promise<SourceConnection> {
    const { source, ingest, record, reports } = this.#context
    ingest.opened(this.#closing.signal)
    const opening = await source.open(this.#closing.signal, reports.level)
    this.#quiet.restart()
    this.#cause = 'interrupted'
    this.#connection = opening
    this.#about = opening.about
    this.#isReported = reports.level === 'info'
    this.#isWaiting = opening.waitsFor !== undefined
    if (this.#isWaiting) {
      record.became('waiting')
      ingest.away()
    } else this.#opened(opening)
    reports.opened(opening.about, opening.waitsFor)
    if (opening.title !== undefined) ingest.titled(opening.title)
    return opening
  }

  async #read(connection: SourceConnection): Promise<void> {
    const { chunks } = connection
    const { policy, ingest, clock } = this.#context
    const { bytesPerSecond } = policy
    const { signal } = this.#closing
    for await (const chunk of bytesPerSecond > 0 ? paced(chunks, bytesPerSecond, clock, signal) : chunks) {
      if (this.#isWaiting) this.#begin(connection)
      this.#quiet.restart()
      this.#bytes += chunk.length
      const title = connection.takeTitle?.()
      if (title !== undefined) ingest.titled(title)
      const about = connection.takeAbout?.()
      if (about !== undefined) ingest.described(about)
      this.#cause = 'unusable'
      const taken = ingest.chunk(chunk)
      this.#cause = 'interrupted'
      if (taken !== undefined) {
        this.#quiet.suspend()
        await taken
        this.#quiet.restart()
      }
      if (!this.#isReported) this.#reportRecovery()
    }
  }

  /** The writer or publisher that it waited for has sent its first bytes. */
  #begin(connection: SourceConnection): void {
    this.#isWaiting = false
    this.#opened(connection)
    this.#context.reports.opened(this.#about)
  }

  #opened(connection: SourceConnection): void {
    const { record, ingest } = this.#context
    record.opened(this.#quiet, connection)
    if (connection.peer !== undefined) ingest.connected(connection.peer)
  }

  #reportRecovery(): void {
    if (this.#context.clock.now() - this.#openedAt < RECOVERED_AFTER_MS) return
    this.#isReported = true
    this.#context.reports.recovered(this.#about)
  }

  async #close(failure: Error | undefined, signal: AbortSignal): Promise<OpeningResult> {
    const { ingest, clock, record } = this.#context
    const yielded = await ingest.closed().catch((error: Error): Yield => ({ frames: 0, paced: false, failure: error }))
    const { frames } = yielded
    if (failure === undefined) this.#cause = yielded.failure === undefined ? 'empty' : 'unusable'
    failure ??= yielded.failure
    const failed = failure !== undefined || (frames === 0 && !signal.aborted)
    const reason = failure?.message ?? (signal.aborted ? String(signal.reason) : endOf(this.#bytes, frames))
    record.closed(reason, failed)
    this.#connection?.closed?.(reason)
    return {
      about: this.#about,
      openedAt: this.#openedAt,
      livedMs: clock.now() - this.#openedAt,
      bytes: this.#bytes,
      frames,
      paced: yielded.paced,
      failed,
      cause: failed ? this.#cause : undefined,
      failure,
      reason,
    }
  }
}

function endOf(bytes: number, frames: number): string {
  if (frames > 0) return 'end of input'
  return `end of input without a ${bytes > 0 ? 'frame' : 'byte'}`
}
