import type { RelayPlan } from '../../plan/stream-plan.ts'
import { createRelaySource } from '../../source/relay/relay.ts'
import { type Source, type SourceConnection, SourceError } from '../../source/source.ts'
import { createBackOff } from '../../source/supervise/back-off.ts'
import { createQuietLimit } from '../../source/supervise/quiet-limit.ts'
import { FoldedWarning } from '../../system/folded-warning.ts'
import type { Runtime } from '../../system/runtime.ts'

/** The stream at other servers, while the hub has no frames of it. */
export class StandIn {
  readonly #name: string
  readonly #relay: Source
  readonly #runtime: Runtime
  readonly #backOff = createBackOff({})
  readonly #failures: FoldedWarning
  /** Time of the next attempt, in milliseconds of the clock. */
  #notBefore = Number.NEGATIVE_INFINITY
  /** The connection that is read; undefined: there is none. */
  connection: SourceConnection | undefined

  /** @param name of the stream on the hub */
  constructor(name: string, plan: RelayPlan, runtime: Runtime) {
    this.#name = name
    this.#relay = createRelaySource(plan, runtime.clock)
    this.#runtime = runtime
    this.#failures = new FoldedWarning('hub relay failed', ['failures'], runtime.clock, runtime.log)
  }

  /** Time until it may be opened, in milliseconds. */
  get pauseMs(): number {
    return this.#notBefore - this.#runtime.clock.now()
  }

  /** Yields the bytes of the first server that answers, until it ends or `signal` aborts; never throws for what servers do. */
  async *chunks(signal: AbortSignal): AsyncGenerator<Buffer> {
    const { clock, log } = this.#runtime
    const openedAt = clock.now()
    const closing = new AbortController()
    const close = () => closing.abort(signal.reason)
    signal.addEventListener('abort', close)
    const { maxQuietMs = 0 } = this.#relay
    const quiet = createQuietLimit(maxQuietMs, clock, () => closing.abort(`quiet for ${maxQuietMs / 1000} s`))
    let [chunks, reason] = [0, 'end of input']
    try {
      const connection = await this.#relay.open(closing.signal)
      this.connection = connection
      for await (const chunk of connection.chunks) {
        quiet.suspend()
        if (chunks++ === 0) log.info('hub relay started', { name: this.#name, ...connection.about })
        yield chunk
        quiet.restart()
      }
      if (closing.signal.aborted) reason = String(closing.signal.reason)
    } catch (error) {
      if (!(error instanceof SourceError)) throw error
      reason = error.message
    } finally {
      quiet.stop()
      signal.removeEventListener('abort', close)
      this.connection = undefined
      this.#ended(clock.now() - openedAt, chunks, reason, signal.aborted)
    }
  }

  #ended(livedMs: number, chunks: number, reason: string, wasReplaced: boolean): void {
    const { clock, log } = this.#runtime
    if (chunks > 0) log.info('hub relay ended', { name: this.#name, reason, time: `${(livedMs / 1000).toFixed(1)}s` })
    if (wasReplaced) return
    if (chunks === 0) this.#failures.add('failures', { name: this.#name, reason })
    this.#notBefore = clock.now() + this.#backOff.next({ livedMs, frames: chunks, paced: false, failed: chunks === 0 })
  }
}
