import type { ProgramHooks, StreamHooks } from '../plan/hooks.ts'
import { Emitter } from '../system/emitter.ts'
import type { EventName, FieldsOf } from './event-table.ts'
import { ReportedEvent } from './reported-event.ts'

/** Number of events that are kept for subscribers that reconnect. */
const KEPT = 100
/** Ids of a run begin at the time of its start in seconds times this number, so they are above those of earlier runs. */
const IDS_PER_SECOND = 1_000_000

/** An event, and the hooks that its stream, or the program, had at that time. */
export interface EventWithHooks {
  readonly event: ReportedEvent
  readonly hooks: StreamHooks & ProgramHooks
}

/** The events of the program and all its streams, numbered. The last ones are kept. */
export class EventLog {
  readonly #emitter = new Emitter<EventWithHooks>()
  readonly #wallClock: () => number
  readonly #kept: ReportedEvent[] = []
  #lastId: number

  /** @param wallClock returns milliseconds since 1970 (UTC). */
  constructor(wallClock: () => number = Date.now) {
    this.#wallClock = wallClock
    this.#lastId = Math.floor(wallClock() / 1000) * IDS_PER_SECOND
  }

  /** Adds a handler, which must not throw. @returns removes it */
  subscribe(handler: (event: EventWithHooks) => void): () => void {
    return this.#emitter.subscribe(handler)
  }

  /** Adds an event that happens now. @param stream null: it is an event of the program. */
  add<Name extends EventName>(
    name: Name,
    stream: string | null,
    fields: FieldsOf<Name>,
    hooks: StreamHooks & ProgramHooks,
  ): void {
    const event = new ReportedEvent(++this.#lastId, name, stream, this.#wallClock(), fields)
    if (this.#kept.push(event) > KEPT) this.#kept.shift()
    this.#emitter.emit({ event, hooks })
  }

  /**
   * Returns the kept events after the one with this id, oldest first. When it is not kept any more, or was never an id of this
   * run, these are all.
   */
  after(id: string): readonly ReportedEvent[] {
    const at = this.#kept.findIndex((event) => String(event.id) === id)
    return this.#kept.slice(at + 1)
  }
}
