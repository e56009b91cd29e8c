import type { ServedStream } from '../stream/served-stream.ts'
import type { ListenerConnected } from '../stream/stream-event.ts'
import type { Clock } from '../system/clock.ts'
import type { CloseReason, Listener } from './listener.ts'
import type { Visits } from './visits.ts'

/** Permission to listen, as the gate of the stream has granted it. */
export interface Permission {
  /** Id for the listener. */
  readonly id: number
  /** Name under which it has logged in; undefined: none. */
  readonly user?: string | undefined
  /** Time after which it is disconnected, in milliseconds; undefined: no limit. */
  readonly limitMs?: number | undefined
  /** Gives the permission back; further calls do nothing. */
  leave(): void
}

/** Maximum delay of a timer, in milliseconds: 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1

const NOTHING_SENT: Pick<Listener, 'bytesSent' | 'framesSent' | 'framesSkipped'> = {
  bytesSent: 0,
  framesSent: 0,
  framesSkipped: 0,
}

/**
 * The connection of one listener, from which its events are made. It lives as long as the listener, so it has no reference to
 * the request.
 */
export class Visit {
  /** Undefined before it joins, and for a client that has got all it wants without joining. */
  listener: Listener | undefined
  #stream: ServedStream
  /** IP address of the client. */
  readonly address: string
  readonly #id: number
  readonly #visits: Visits
  readonly #clock: Clock
  readonly #client: string
  #since: number
  /** Totals of the listener when it was moved to its present stream. */
  #before = NOTHING_SENT
  readonly #permission: Permission | undefined
  readonly #cancelLimit: (() => void) | undefined

  /** Emits 'listener connected'. @param permission undefined: the stream is open to all */
  constructor(
    stream: ServedStream,
    client: Omit<ListenerConnected, 'kind' | 'id' | 'user'>,
    permission: Permission | undefined,
    visits: Visits,
    clock: Clock,
  ) {
    this.#stream = stream
    this.address = client.address
    this.#visits = visits
    this.#permission = permission
    this.#id = permission?.id ?? visits.newId()
    visits.add(this.#id, this)
    this.#clock = clock
    this.#client = client.client
    this.#since = clock.now()
    stream.events.emit({ kind: 'listener connected', id: this.#id, ...client, user: permission?.user })
    this.#cancelLimit = this.#limit(permission?.limitMs)
  }

  get stream(): ServedStream {
    return this.#stream
  }

  /** Emits the events of a listener that was moved to another stream; its user agent is not known any more. */
  moved(to: ServedStream): void {
    to.events.emit({
      kind: 'listener connected',
      id: this.#id,
      client: this.#client,
      address: this.address,
      agent: undefined,
      user: this.#permission?.user,
    })
    this.#emitTotals('moved to another stream')
    this.#stream = to
    this.#since = this.#clock.now()
    const { bytesSent = 0, framesSent = 0, framesSkipped = 0 } = this.listener ?? {}
    this.#before = { bytesSent, framesSent, framesSkipped }
  }

  /** Emits 'listener disconnected'. @param reason that of a client that has not joined */
  ended(reason: CloseReason): void {
    this.#visits.remove(this.#id)
    this.#cancelLimit?.()
    this.#permission?.leave()
    this.#emitTotals(this.listener?.ending ?? reason)
  }

  #emitTotals(reason: CloseReason): void {
    const { bytesSent, framesSent, framesSkipped } = this.listener ?? NOTHING_SENT
    this.#stream.events.emit({
      kind: 'listener disconnected',
      id: this.#id,
      address: this.address,
      client: this.#client,
      ms: this.#clock.now() - this.#since,
      bytes: bytesSent - this.#before.bytesSent,
      frames: framesSent - this.#before.framesSent,
      skipped: framesSkipped - this.#before.framesSkipped,
      reason,
    })
  }

  #limit(ms: number | undefined): (() => void) | undefined {
    if (ms === undefined || ms > MAX_TIMER_MS) return undefined
    return this.#clock.after(ms, () => this.#visits.end(this.#id, 'time limit'))
  }
}
