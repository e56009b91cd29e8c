import type { Logger } from '@logtape/logtape'
import type { ReportedEvent } from '../events/reported-event.ts'
import type { Clock } from '../system/clock.ts'

/** Interval of lines about the same hook, and about events that were left out, in milliseconds. */
const LOG_EVERY_MS = 60_000
/** Maximum number of hooks whose failures are logged separately, and of kinds of events that one line names. */
const MAX_HOOKS = 100
const MAX_NAMED = 10

/** Failures of a hook. */
interface Failures {
  readonly event: ReportedEvent
  readonly failure: HookFailure
  /** Number of failures since the last line. */
  readonly count: number
}

/** Why a hook has failed. */
export interface HookFailure {
  /** In one line. */
  readonly reason: string
  /** Last line of standard error; undefined: there is none. */
  readonly stderr?: string | undefined
}

/** Logs the failures of hooks, and the events that were left out: each at once, and then at most once a minute. */
export class HookLog {
  readonly #clock: Clock
  readonly #log: Logger
  readonly #failures = new Map<string, Failures>()
  readonly #omitted = new Map<string, number>()
  #isWaiting = false

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock
    this.#log = log
  }

  failed(event: ReportedEvent, failure: HookFailure): void {
    const key = `${event.name} ${event.stream ?? ''}`
    const known = this.#failures.get(key)
    if (known === undefined && this.#failures.size >= MAX_HOOKS) return
    const failures = { event, failure, count: (known?.count ?? 0) + 1 }
    if (known === undefined) this.#logFailures(failures)
    this.#failures.set(key, known === undefined ? { ...failures, count: 0 } : failures)
    this.#wait()
  }

  /** An event was not delivered. */
  omitted({ name, stream }: ReportedEvent): void {
    const key = stream === null ? name : `${name} of ${stream}`
    this.#omitted.set(key, (this.#omitted.get(key) ?? 0) + 1)
    this.#wait()
  }

  /** Logs what has not been logged yet. */
  flush(): void {
    for (const [key, failures] of this.#failures) {
      if (failures.count > 0) this.#logFailures(failures)
      this.#failures.set(key, { ...failures, count: 0 })
    }
    this.#logOmitted()
  }

  #wait(): void {
    if (this.#isWaiting) return
    this.#isWaiting = true
    this.#clock.after(LOG_EVERY_MS, () => {
      this.#isWaiting = false
      for (const [key, { count }] of this.#failures) if (count === 0) this.#failures.delete(key)
      this.flush()
      if (this.#failures.size > 0) this.#wait()
    })
  }

  #logFailures({ event, failure: { reason, stderr }, count }: Failures): void {
    const failures = count > 1 ? count : undefined
    const stream = event.stream ?? undefined
    this.#log.warn('hook failed', { event: event.name, stream, reason, stderr, failures })
  }

  #logOmitted(): void {
    if (this.#omitted.size === 0) return
    const most = [...this.#omitted].toSorted(([, one], [, other]) => other - one)
    const count = most.reduce((sum, [, number]) => sum + number, 0)
    const named = most.slice(0, MAX_NAMED).map(([key, number]) => `${key}: ${number}`)
    const more = most.length > MAX_NAMED ? ['…'] : []
    this.#log.warn('hook events omitted', { count, events: [...named, ...more].join(', ') })
    this.#omitted.clear()
  }
}
