import type { ReportedEvent } from '../events/reported-event.ts'
import type { Hook } from '../plan/hooks.ts'
import type { Delivery } from './delivery.ts'

/** Maximum number of waiting events, and of streams and names with a count. */
const MAX_WAITING = 1_000

/** The waiting events each of which counts by itself, such as that of a listener; above a number the newest are dropped. */
export class SingleEvents {
  readonly #waiting: Delivery[] = []
  /** Numbers of events that were dropped since the last one with the same name and stream was delivered. */
  readonly #dropped = new Map<string, number>()

  /** Whether events wait. */
  get isReady(): boolean {
    return this.#waiting.length > 0
  }

  /** Adds an event. @returns the same event when it was dropped */
  add(event: ReportedEvent, hook: Hook): ReportedEvent | undefined {
    if (this.#waiting.length < MAX_WAITING) {
      this.#waiting.push({ event, hook, skipped: 0 })
      return undefined
    }
    const key = keyOf(event)
    const dropped = this.#dropped.get(key)
    if (dropped !== undefined || this.#dropped.size < MAX_WAITING) this.#dropped.set(key, (dropped ?? 0) + 1)
    return event
  }

  /** Removes the oldest event. */
  take(): Delivery | undefined {
    const delivery = this.#waiting.shift()
    if (delivery === undefined) return undefined
    const key = keyOf(delivery.event)
    const skipped = this.#dropped.get(key) ?? 0
    this.#dropped.delete(key)
    return { ...delivery, skipped }
  }

  /** All events that wait. */
  waiting(): readonly Delivery[] {
    return this.#waiting
  }
}

function keyOf({ name, stream }: ReportedEvent): string {
  return `${name} ${stream}`
}
