import type { EventName } from '../events/event-table.ts'
import type { ReportedEvent } from '../events/reported-event.ts'
import type { Hook } from '../plan/hooks.ts'
import type { Delivery } from './delivery.ts'

/**
 * Events that describe a state, and the state: of their stream, or of the program. Events of one state are delivered one after
 * another, so that none overtakes an earlier one.
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

/** Whether an event describes a state, so that only the newest one matters. */
export function isOfState({ name }: ReportedEvent): boolean {
  return STATES[name] !== undefined
}

/** The events of one state of one stream. */
interface Lane {
  readonly key: string
  /** Events that wait, in the order in which they happened; at most one of each name. */
  waiting: readonly Delivery[]
  isRunning: boolean
}

/**
 * The waiting events that describe states. A newer event replaces an older one of the same name, and counts it:
 *
 * ```
 *   source /a   [down][up]
 *   title /b    [title]
 * ```
 *
 * So the last state is delivered, however long the hooks take.
 */
export class StateLanes {
  readonly #lanes = new Map<string, Lane>()
  /** Lanes with waiting events of which none is being delivered. They have turns. */
  readonly #ready: Lane[] = []

  /** Whether an event can be delivered now. */
  get isReady(): boolean {
    return this.#ready.length > 0
  }

  /** Adds an event that describes a state. @returns the event that it replaces */
  add(event: ReportedEvent, hook: Hook): ReportedEvent | undefined {
    const lane = this.#laneOf(`${STATES[event.name]} ${event.stream}`)
    const older = lane.waiting.find((one) => one.event.name === event.name)
    const others = lane.waiting.filter((one) => one !== older)
    lane.waiting = [...others, { event, hook, skipped: older === undefined ? 0 : older.skipped + 1 }]
    if (older === undefined && others.length === 0 && !lane.isRunning) this.#enqueue(lane)
    return older?.event
  }

  /** Removes the next event. @returns also a function to call when it has been delivered; undefined: none is ready */
  take(): readonly [Delivery, delivered: () => void] | undefined {
    const lane = this.#ready.shift()
    const [delivery, ...others] = lane?.waiting ?? []
    if (lane === undefined || delivery === undefined) return undefined
    lane.waiting = others
    lane.isRunning = true
    return [delivery, () => this.#delivered(lane)]
  }

  /** All events that wait. */
  waiting(): readonly Delivery[] {
    return [...this.#lanes.values()].flatMap((lane) => lane.waiting)
  }

  #delivered(lane: Lane): void {
    lane.isRunning = false
    if (lane.waiting.length > 0) this.#enqueue(lane)
    else this.#lanes.delete(lane.key)
  }

  /** The end of the program comes before everything that waits. */
  #enqueue(lane: Lane): void {
    if (lane.waiting[0]?.event.name === 'stop') this.#ready.unshift(lane)
    else this.#ready.push(lane)
  }

  #laneOf(key: string): Lane {
    const lane = this.#lanes.get(key) ?? { key, waiting: [], isRunning: false }
    this.#lanes.set(key, lane)
    return lane
  }
}
