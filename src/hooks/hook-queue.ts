import type { EventName } from '../events/event-table.ts'
import type { ReportedEvent } from '../events/reported-event.ts'
import type { Hook } from '../plan/hooks.ts'
import type { Clock } from '../system/clock.ts'

/** Maximum number of hooks that run at a time; one place is kept for events that describe a state. */
const MAX_RUNNING = 4
const MAX_RUNNING_ONCE = 3
/** Maximum number of waiting events, without those that describe a state. */
const MAX_WAITING = 1_000
/** Starting a program blocks the event loop for a millisecond or two; it takes at most this share of the time. */
const MAX_SHARE = 0.1
/** Time for all hooks when the program ends, in milliseconds. */
const END_WITHIN_MS = 5_000

/**
 * Events that describe a state of their stream, and the state. Events of one state are delivered one after another, so that none
 * overtakes an earlier one.
 */
const STATES: Readonly<Partial<Record<EventName, string>>> = {
  'source-up': 'source',
  'source-down': 'source',
  silence: 'sound',
  sound: 'sound',
  'first-listener': 'listeners',
  'last-listener': 'listeners',
  title: 'title',
  start: 'start',
  stop: 'stop',
}

/** An event to deliver. */
export interface Delivery {
  readonly event: ReportedEvent
  readonly hook: Hook
  /** Number of earlier events with this name and stream that were left out since the last one that was delivered. */
  readonly skipped: number
}

/** Delivers an event, until it is done or `ending` aborts; never rejects. */
export type Deliver = (delivery: Delivery, ending: AbortController) => Promise<void>

/** The events of one state that wait, in the order in which they happened: at most one of each name. */
interface Lane {
  readonly key: string
  waiting: Delivery[]
  isRunning: boolean
}

/**
 * The events that wait for their hooks.
 *
 * ```
 *   source /a   [down][up]     a newer `up` replaces this one, and counts it
 *   title /b    [title]        lanes with waiting events have turns: `ready`
 *   once        [listen][leave][listen] ...
 * ```
 *
 * For each stream the newest event of each name waits at most, so the last state is delivered, however long the hooks take. Of
 * all other events 1,000 wait.
 */
export class HookQueue {
  readonly #deliver: Deliver
  readonly #omitted: (event: ReportedEvent) => void
  readonly #clock: Clock
  readonly #lanes = new Map<string, Lane>()
  /** Lanes with waiting events of which none is being delivered. */
  #ready: Lane[] = []
  readonly #once: Delivery[] = []
  /** Numbers of events that were dropped since the last one with the same name and stream was delivered. */
  readonly #dropped = new Map<string, number>()
  /** Deliveries under way, oldest first. */
  readonly #running = new Set<AbortController>()
  #runningOnce = 0
  /** Earliest time of the next start, in milliseconds of the clock. */
  #notBefore = 0
  #isPaused = false
  #isTurnOfOnce = false
  #emptied: () => void = () => {}

  /** @param omitted called with each event that is not delivered */
  constructor(deliver: Deliver, omitted: (event: ReportedEvent) => void, clock: Clock) {
    this.#deliver = deliver
    this.#omitted = omitted
    this.#clock = clock
  }

  add(event: ReportedEvent, hook: Hook): void {
    const state = STATES[event.name]
    if (state === undefined) this.#addOnce(event, hook)
    else this.#addState(`${state} ${event.stream}`, event, hook)
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
    const left = [...this.#once, ...[...this.#lanes.values()].flatMap(({ waiting }) => waiting)]
    for (const { event } of left) this.#omitted(event)
  }

  get #isIdle(): boolean {
    return this.#running.size === 0 && this.#ready.length === 0 && this.#once.length === 0
  }

  #addOnce(event: ReportedEvent, hook: Hook): void {
    if (this.#once.length < MAX_WAITING) return void this.#once.push({ event, hook, skipped: 0 })
    this.#omitted(event)
    const key = keyOf(event)
    const dropped = this.#dropped.get(key)
    if (dropped !== undefined || this.#dropped.size < MAX_WAITING) this.#dropped.set(key, (dropped ?? 0) + 1)
  }

  #addState(key: string, event: ReportedEvent, hook: Hook): void {
    const lane = this.#lanes.get(key) ?? { key, waiting: [], isRunning: false }
    this.#lanes.set(key, lane)
    const older = lane.waiting.find((one) => one.event.name === event.name)
    if (older !== undefined) this.#omitted(older.event)
    const others = lane.waiting.filter((one) => one !== older)
    if (lane.waiting.length === 0 && !lane.isRunning) this.#ready.push(lane)
    lane.waiting = [...others, { event, hook, skipped: older === undefined ? 0 : older.skipped + 1 }]
  }

  /** The last event of the program is delivered first, and does not wait for a hook that hangs. */
  #makeRoom(): void {
    this.#isTurnOfOnce = false
    this.#ready = this.#ready.toSorted((one, other) => Number(isStop(other)) - Number(isStop(one)))
    const [oldest] = this.#running
    if (oldest === undefined || this.#running.size < MAX_RUNNING) return
    oldest.abort('ended, because the program ends')
    this.#running.delete(oldest)
  }

  #startNext(): void {
    while (this.#running.size < MAX_RUNNING && !this.#isPaused) {
      const hasState = this.#ready.length > 0
      const canRunOnce = this.#once.length > 0 && this.#runningOnce < MAX_RUNNING_ONCE
      if ((!hasState && !canRunOnce) || this.#mustPause()) return
      // Both kinds have turns.
      this.#isTurnOfOnce = canRunOnce && (this.#isTurnOfOnce || !hasState)
      void (this.#isTurnOfOnce ? this.#runOnce() : this.#runState())
      this.#isTurnOfOnce = !this.#isTurnOfOnce
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
    const lane = this.#ready.shift()
    const delivery = lane?.waiting.shift()
    if (lane === undefined || delivery === undefined) return
    lane.isRunning = true
    await this.#run(delivery)
    lane.isRunning = false
    if (lane.waiting.length > 0) this.#ready.push(lane)
    else this.#lanes.delete(lane.key)
    this.#goOn()
  }

  async #runOnce(): Promise<void> {
    const delivery = this.#once.shift()
    if (delivery === undefined) return
    const key = keyOf(delivery.event)
    const skipped = this.#dropped.get(key) ?? 0
    this.#dropped.delete(key)
    this.#runningOnce++
    await this.#run({ ...delivery, skipped })
    this.#runningOnce--
    this.#goOn()
  }

  async #run(delivery: Delivery): Promise<void> {
    const ending = new AbortController()
    this.#running.add(ending)
    const startedAt = this.#clock.now()
    const delivered = this.#deliver(delivery, ending)
    const startedMs = this.#clock.now() - startedAt
    this.#notBefore = startedAt + startedMs / MAX_SHARE
    await delivered
    this.#running.delete(ending)
  }

  #goOn(): void {
    this.#startNext()
    if (this.#isIdle) this.#emptied()
  }
}

function keyOf({ name, stream }: ReportedEvent): string {
  return `${name} ${stream}`
}

function isStop({ key }: Lane): boolean {
  return key.startsWith('stop ')
}
