import type { ReportedEvent } from '../events/reported-event.ts'
import type { Hook } from '../plan/hooks.ts'
import type { Clock } from '../system/clock.ts'
import type { Delivery } from './delivery.ts'
import { SingleEvents } from './single-events.ts'
import { isOfState, StateLanes } from './state-lanes.ts'

/** Maximum number of hooks that run at a time; one place is kept for events that describe a state. */
const MAX_RUNNING = 4
const MAX_RUNNING_SINGLE = 3
/** Starting a program blocks the event loop for a millisecond or two; it takes at most this share of the time. */
const MAX_SHARE = 0.1
/** Time for all hooks when the program ends, in milliseconds. */
const END_WITHIN_MS = 5_000
const NEEDS_PLACE = 'ended, because the program ends'

/** Delivers an event, until it is done or `ending` aborts; never rejects. */
export type Deliver = (delivery: Delivery, ending: AbortController) => Promise<void>

/** The events that wait for their hooks, and those whose hooks run. States and single events have turns. */
export class HookQueue {
  readonly #deliver: Deliver
  readonly #omitted: (event: ReportedEvent) => void
  readonly #clock: Clock
  readonly #states = new StateLanes()
  readonly #singles = new SingleEvents()
  /** Deliveries under way, oldest first. */
  readonly #running = new Set<AbortController>()
  #runningSingle = 0
  #isTurnOfSingle = false
  /** Earliest time of the next start, in milliseconds of the clock. */
  #notBefore = 0
  #isPaused = false
  #emptied: () => void = () => {}

  /** @param omitted called with each event that is not delivered */
  constructor(deliver: Deliver, omitted: (event: ReportedEvent) => void, clock: Clock) {
    this.#deliver = deliver
    this.#omitted = omitted
    this.#clock = clock
  }

  add(event: ReportedEvent, hook: Hook): void {
    const omitted = isOfState(event) ? this.#states.add(event, hook) : this.#singles.add(event, hook)
    if (omitted !== undefined) this.#omitted(omitted)
    if (event.name === 'stop') this.#makeRoom()
    this.#startNext()
  }

  /** Resolves when all events are delivered, or when their time is over; then those that are left count as omitted. */
  async end(): Promise<void> {
    if (!this.#isIdle) {
      await new Promise<void>((resolve) => {
        this.#emptied = resolve
        this.#clock.after(END_WITHIN_MS, resolve)
      })
    }
    for (const { event } of [...this.#singles.waiting(), ...this.#states.waiting()]) this.#omitted(event)
  }

  get #isIdle(): boolean {
    return this.#running.size === 0 && !this.#states.isReady && !this.#singles.isReady
  }

  /** The last event of the program does not wait for hooks that hang. */
  #makeRoom(): void {
    this.#isTurnOfSingle = false
    const [oldest] = this.#running
    if (oldest === undefined || this.#running.size < MAX_RUNNING) return
    oldest.abort(NEEDS_PLACE)
    this.#running.delete(oldest)
  }

  #startNext(): void {
    while (this.#running.size < MAX_RUNNING && !this.#isPaused) {
      const hasState = this.#states.isReady
      const hasSingle = this.#singles.isReady && this.#runningSingle < MAX_RUNNING_SINGLE
      if ((!hasState && !hasSingle) || this.#mustPause()) return
      const isSingle = hasSingle && (this.#isTurnOfSingle || !hasState)
      this.#isTurnOfSingle = !isSingle
      void (isSingle ? this.#runSingle() : this.#runState())
    }
  }

  #mustPause(): boolean {
    const pauseMs = this.#notBefore - this.#clock.now()
    if (pauseMs <= 0) return false
    this.#isPaused = true
    this.#clock.after(pauseMs, () => {
      this.#isPaused = false
      this.#startNext()
    })
    return true
  }

  async #runState(): Promise<void> {
    const taken = this.#states.take()
    if (taken === undefined) return
    const [delivery, delivered] = taken
    await this.#run(delivery)
    delivered()
    this.#goOn()
  }

  async #runSingle(): Promise<void> {
    const delivery = this.#singles.take()
    if (delivery === undefined) return
    this.#runningSingle++
    await this.#run(delivery)
    this.#runningSingle--
    this.#goOn()
  }

  async #run(delivery: Delivery): Promise<void> {
    const ending = new AbortController()
    this.#running.add(ending)
    const startedAt = this.#clock.now()
    const delivered = this.#deliver(delivery, ending)
    this.#notBefore = startedAt + (this.#clock.now() - startedAt) / MAX_SHARE
    await delivered
    this.#running.delete(ending)
  }

  #goOn(): void {
    this.#startNext()
    if (this.#isIdle) this.#emptied()
  }
}
