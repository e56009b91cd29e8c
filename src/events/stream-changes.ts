import type { Stream } from '../stream/stream.ts'
import type { EventOfStream, ListenerConnected, ListenerDisconnected, StreamEvent } from '../stream/stream-event.ts'
import type { Clock } from '../system/clock.ts'
import type { Emitter } from '../system/emitter.ts'
import type { EventLog } from './event-log.ts'
import type { EventName, FieldsOf } from './event-table.ts'
import { SourceChanges } from './source-changes.ts'

/** Part of a stream that its events are made of. */
type ObservedStream = Pick<Stream, 'path' | 'plan'>

/** Reports the events of all streams to a log of events. */
export function reportEvents(events: Pick<Emitter<EventOfStream>, 'subscribe'>, log: EventLog, clock: Clock): void {
  const known = new WeakMap<Stream, StreamChanges>()
  events.subscribe(({ stream, event }) => {
    let changes = known.get(stream)
    if (changes === undefined) {
      changes = new StreamChanges(stream, log, clock)
      known.set(stream, changes)
    }
    changes.handle(event)
  })
}

/** Reports what happens to one stream. */
class StreamChanges {
  readonly #stream: ObservedStream
  readonly #log: EventLog
  readonly #source: SourceChanges
  #listeners = 0

  constructor(stream: ObservedStream, log: EventLog, clock: Clock) {
    this.#stream = stream
    this.#log = log
    const receiver = {
      up: (fields: FieldsOf<'source-up'>) => this.#add('source-up', fields),
      down: (fields: FieldsOf<'source-down'>) => this.#add('source-down', fields),
    }
    this.#source = new SourceChanges(receiver, clock)
  }

  handle(event: StreamEvent): void {
    switch (event.kind) {
      case 'listener connected':
        return this.#connected(event)
      case 'listener disconnected':
        return this.#disconnected(event)
      case 'listeners lost':
        return this.#left(event.count)
      case 'publisher connected':
        return this.#add('publish', { client: event.client, user: event.user ?? null, agent: event.agent ?? null })
      case 'title changed':
        return this.#add('title', { title: event.title })
      case 'silence began':
        return this.#add('silence', { level: Math.round(event.level * 10) / 10, seconds: seconds(event.ms) })
      case 'silence ended':
        return this.#add('sound', { seconds: seconds(event.ms) })
      case 'file recorded':
        return this.#add('recorded', { file: event.file, bytes: event.bytes, seconds: seconds(event.ms) })
      case 'source opened':
      case 'source waiting':
      case 'source on air':
      case 'source closed':
        return this.#source.handle(event)
    }
  }

  #connected({ id, address, user, agent }: ListenerConnected): void {
    const listeners = ++this.#listeners
    this.#add('listen', { listener: id, address, user: user ?? null, agent: agent ?? null, listeners })
    if (listeners === 1) this.#add('first-listener', {})
  }

  #disconnected({ id, address, ms, bytes, reason }: ListenerDisconnected): void {
    const listeners = this.#listeners - 1
    this.#add('leave', { listener: id, address, seconds: seconds(ms), bytes, reason, listeners })
    this.#left(1)
  }

  #left(count: number): void {
    this.#listeners -= count
    if (this.#listeners === 0) this.#add('last-listener', {})
  }

  #add<Name extends EventName>(name: Name, fields: FieldsOf<Name>): void {
    this.#log.add(name, this.#stream.path, fields, this.#stream.plan.hooks)
  }
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000
}
