import { isoTime } from '../text/utc-time.ts'
import { EVENT_TABLE, type EventName, type FieldValue } from './event-table.ts'

/** An event as programs get it. Its JSON is made when it is first needed. */
export class ReportedEvent {
  /** Increases from event to event, also from one run of the program to the next. */
  readonly id: number
  readonly name: EventName
  /** Path of the stream; null: it is an event of the program. */
  readonly stream: string | null
  /** Milliseconds since 1970 (UTC). */
  readonly at: number
  readonly fields: Readonly<Record<string, FieldValue>>
  #privateJson: string | undefined
  #publicJson: string | undefined

  constructor(
    id: number,
    name: EventName,
    stream: string | null,
    at: number,
    fields: Readonly<Record<string, FieldValue>>,
  ) {
    this.id = id
    this.name = name
    this.stream = stream
    this.at = at
    this.fields = fields
  }

  /** The event with all its fields, as a JSON object on one line. */
  get privateJson(): string {
    this.#privateJson ??= JSON.stringify(this.values())
    return this.#privateJson
  }

  /** The same without addresses, users, agents and commands. */
  get publicJson(): string {
    this.#publicJson ??= JSON.stringify({ ...this.#head(), ...publicFields(this) })
    return this.#publicJson
  }

  /** All fields, in the order of the documentation. */
  values(): Readonly<Record<string, FieldValue>> {
    return { ...this.#head(), ...this.fields }
  }

  #head(): Readonly<Record<string, FieldValue>> {
    return { event: this.name, stream: this.stream, time: isoTime(this.at), id: this.id }
  }
}

function publicFields({ name, fields }: ReportedEvent): Readonly<Record<string, FieldValue>> {
  const visibility: Readonly<Record<string, string>> = EVENT_TABLE[name]
  return Object.fromEntries(Object.entries(fields).filter(([field]) => visibility[field] === 'public'))
}
