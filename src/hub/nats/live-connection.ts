import { errors, type NatsConnection, type Subscription } from '@nats-io/transport-node'
import type { HubPlan } from '../../plan/program-plan.ts'
import { inTime } from '../../system/clock.ts'
import type { Runtime } from '../../system/runtime.ts'
import type { HubDelivery } from '../hub-link.ts'
import { connectionProblem, permissionProblem } from './connection-problem.ts'
import { History } from './history.ts'
import { orAborted } from './or-aborted.ts'
import type { Problems } from './problems.ts'
import { startPulse } from './pulse.ts'
import { deliveryOf } from './read-history.ts'

/** Maximum size of a message where a server does not say it, in bytes: the default of servers. */
export const USUAL_MAX_PAYLOAD = 2 ** 20
/** Beginning of the subjects of frames. */
const FRAMES = 'ss.a.'
/** Oldest server that has all that this program uses. */
const [MIN_MAJOR, MIN_MINOR] = [2, 9] as const

/** A subscription of the program, which all connections take over. */
export interface Subscriber {
  readonly subject: string
  readonly receive: (delivery: HubDelivery) => void
  /** That of the newest connection. */
  subscription: Subscription | undefined
}

/** What a connection needs from the link. */
interface LinkParts {
  readonly plan: HubPlan
  readonly runtime: Runtime
  readonly problems: Problems
}

/** One connection to a server, until it is lost. */
export class LiveConnection {
  readonly #server: string
  readonly #connection: NatsConnection
  readonly #link: LinkParts
  readonly #history: History
  readonly #stopPulse: () => void
  readonly #ending = new AbortController()
  #reason: string | undefined
  #roundTripMs: number | undefined

  constructor(server: string, connection: NatsConnection, link: LinkParts) {
    this.#server = server
    this.#connection = connection
    this.#link = link
    this.#history = new History(connection, link.runtime, link.problems)
    this.#stopPulse = startPulse(connection, link.runtime, {
      roundTrip: (ms) => {
        this.#roundTripMs = ms
      },
      silent: () => this.#lose('the server does not answer'),
    })
    this.#checkVersion()
    void this.#watch()
  }

  get maxPayload(): number {
    return this.#connection.info?.max_payload ?? USUAL_MAX_PAYLOAD
  }

  get version(): string | undefined {
    return this.#connection.info?.version
  }

  get roundTripMs(): number | undefined {
    return this.#roundTripMs
  }

  get keepsHistory(): boolean {
    return this.#history.keepsFrames
  }

  publish(subject: string, payload: Uint8Array): void {
    if (this.#connection.isClosed()) return
    this.#connection.publish(subject, payload)
    if (subject.startsWith(FRAMES)) this.#history.published()
  }

  /** Receives for a subscriber from now on. */
  start(subscriber: Subscriber): void {
    subscriber.subscription = this.#connection.subscribe(subscriber.subject, {
      callback(error, message) {
        // What is denied is reported by the status of the connection.
        if (error === null) deliver(subscriber, deliveryOf(message))
      },
    })
  }

  history(subject: string, ms: number): Promise<readonly HubDelivery[]> {
    return this.#history.read(subject, ms)
  }

  /** Resolves once all that was published has been received, or after `ms` milliseconds. */
  async flush(ms: number): Promise<void> {
    const flushed = this.#connection.flush().catch(() => undefined)
    await inTime(this.#link.runtime.clock, ms, flushed)
  }

  /** Resolves once it is lost, or the signal is aborted. @returns the reason, in one line */
  async lost(signal: AbortSignal): Promise<string> {
    const end = () => this.#ending.abort()
    signal.addEventListener('abort', end)
    const error = await orAborted(this.#connection.closed(), this.#ending.signal)
    signal.removeEventListener('abort', end)
    this.#stopPulse()
    this.#history.close()
    return this.#reason ?? connectionProblem(this.#server, error ?? undefined, this.#link.plan)
  }

  close(): Promise<void> {
    return this.#connection.close()
  }

  #lose(reason: string): void {
    this.#reason ??= reason
    this.#ending.abort()
  }

  #checkVersion(): void {
    const [major = 0, minor = 0] = (this.version ?? '').split('.').map(Number)
    if (major > MIN_MAJOR || (major === MIN_MAJOR && minor >= MIN_MINOR)) return
    const needed = `${MIN_MAJOR}.${MIN_MINOR} or newer is needed`
    this.#link.problems.add('denied', `${this.#server}: nats-server ${this.version} is too old, ${needed}`)
  }

  /** Reports what the server refuses, and leaves it when it is about to end. */
  async #watch(): Promise<void> {
    const { problems, runtime } = this.#link
    for await (const status of this.#connection.status()) {
      if (status.type === 'ldm') this.#lose('the server is shutting down')
      if (status.type !== 'error') continue
      const { error } = status
      if (error instanceof errors.PermissionViolationError) problems.add('denied', permissionProblem(error))
      else runtime.log.debug('hub error', { error: error.message })
    }
  }
}

/** The client would go on without reading: an error in the program must end it instead. */
function deliver(subscriber: Subscriber, delivery: HubDelivery): void {
  try {
    subscriber.receive(delivery)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
