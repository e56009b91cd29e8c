import type { Authenticator, NatsConnection, Subscription } from '@nats-io/transport-node'
import { errors } from '@nats-io/transport-node'
import type { HubPlan } from '../../plan/program-plan.ts'
import { inTime, pause } from '../../system/clock.ts'
import type { Runtime } from '../../system/runtime.ts'
import type { HubDelivery, HubLink, HubLinkState } from '../hub-link.ts'
import { connectionProblem, permissionProblem } from './connection-problem.ts'
import { HubCredentialsError } from './credentials.ts'
import { credentialsOf, dial } from './dial.ts'
import { History } from './history.ts'
import { orAborted } from './or-aborted.ts'
import { Problems } from './problems.ts'
import { startPulse } from './pulse.ts'
import { deliveryOf } from './read-history.ts'
import { reconnectPause, tryTime } from './reconnect-pause.ts'
import { ServerOrder } from './server-order.ts'

/** Maximum size of a message before the first connection, in bytes: the default of servers. */
const USUAL_MAX_PAYLOAD = 2 ** 20
/** Time of a connection after which the next failure is the first again, in milliseconds. */
const HEALTHY_AFTER_MS = 5_000
/** Time to send what was published before the end, in milliseconds. */
const CLOSE_MS = 500
/** Subjects of frames. */
const FRAMES = 'ss.a.'
const MIN_VERSION = [2, 9] as const

interface Subscriber {
  readonly subject: string
  readonly receive: (delivery: HubDelivery) => void
  /** That of the current connection. */
  subscription: Subscription | undefined
}

/** A connection that works. */
interface Live {
  readonly connection: NatsConnection
  readonly history: History
}

/** Connection to the servers of a plan, one after another, for ever. */
export class NatsLink implements HubLink {
  readonly #plan: HubPlan
  readonly #runtime: Runtime
  readonly #order: ServerOrder
  readonly #problems: Problems
  readonly #subscribers = new Set<Subscriber>()
  readonly #listeners = new Set<() => void>()
  readonly #closing = new AbortController()
  readonly #ended: Promise<void>
  #credentials: Authenticator | undefined
  #live: Live | undefined
  #failures = 0
  #connections = 0
  #server: string | undefined
  #since: number
  #roundTripMs: number | undefined
  maxPayload = USUAL_MAX_PAYLOAD

  /** @param credentials those of the plan, which are read again before each connection */
  constructor(plan: HubPlan, credentials: Authenticator | undefined, runtime: Runtime) {
    this.#plan = plan
    this.#runtime = runtime
    this.#credentials = credentials
    this.#order = new ServerOrder(plan.servers, Math.random)
    this.#problems = new Problems(runtime)
    this.#since = runtime.clock.now()
    this.#ended = this.#run()
  }

  get state(): HubLinkState {
    return {
      isConnected: this.#live !== undefined,
      server: this.#server,
      since: this.#since,
      reconnects: Math.max(0, this.#connections - 1),
      roundTripMs: this.#roundTripMs,
      problem: this.#problems.line,
      keepsHistory: this.#live?.history.keepsFrames ?? false,
    }
  }

  publish(subject: string, payload: Uint8Array): void {
    const live = this.#live
    if (live === undefined || live.connection.isClosed()) return
    if (payload.length > this.maxPayload) {
      const limit = this.maxPayload
      this.#problems.add('denied', `the hub accepts ${limit} bytes a message (max_payload): larger ones are not sent`)
      return
    }
    live.connection.publish(subject, payload)
    if (subject.startsWith(FRAMES)) live.history.published()
  }

  subscribe(subject: string, receive: (delivery: HubDelivery) => void): () => void {
    const subscriber: Subscriber = { subject, receive, subscription: undefined }
    this.#subscribers.add(subscriber)
    if (this.#live !== undefined) start(subscriber, this.#live.connection)
    return () => {
      this.#subscribers.delete(subscriber)
      subscriber.subscription?.unsubscribe()
    }
  }

  onConnected(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  async history(subject: string, ms: number): Promise<readonly HubDelivery[]> {
    return (await this.#live?.history.read(subject, ms)) ?? []
  }

  async close(): Promise<void> {
    const flushed = this.#live?.connection.flush().catch(() => undefined)
    if (flushed !== undefined) await inTime(this.#runtime.clock, CLOSE_MS, flushed)
    this.#closing.abort()
    await this.#ended
  }

  async #run(): Promise<void> {
    const { clock } = this.#runtime
    const { signal } = this.#closing
    while (!signal.aborted) {
      await pause(clock, reconnectPause(this.#failures, this.#order.length, Math.random()), signal)
      const server = this.#order.next()
      const connection = signal.aborted ? undefined : await this.#dial(server, signal)
      if (connection !== undefined) await this.#use(server, connection, signal)
    }
  }

  /** @returns undefined: the server cannot be used, or the program ends */
  async #dial(server: string, signal: AbortSignal): Promise<NatsConnection | undefined> {
    await this.#readCredentials()
    const [authenticator, timeoutMs] = [this.#credentials, tryTime(this.#failures, this.#order.length)]
    try {
      return await dial(server, this.#plan, { authenticator, timeoutMs }, signal)
    } catch (error) {
      this.#failures++
      const reason = connectionProblem(server, error as Error | undefined, this.#plan)
      this.#problems.set('connection', `${server}: ${reason}`)
      this.#runtime.log.debug('hub not reached', { server, failures: this.#failures, reason })
      return undefined
    }
  }

  /** The file may have been changed because the old credentials are refused. */
  async #readCredentials(): Promise<void> {
    try {
      this.#credentials = await credentialsOf(this.#plan)
    } catch (error) {
      if (!(error instanceof HubCredentialsError)) throw error
      this.#problems.set('connection', `${error.message}; the previous credentials stay in use`)
    }
  }

  /** Uses a connection until it is lost. */
  async #use(server: string, connection: NatsConnection, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#runtime
    const [connectedAt, awayMs] = [clock.now(), clock.now() - this.#since]
    const ending = new AbortController()
    let reason: string | undefined
    const lose = (why: string) => {
      reason ??= why
      ending.abort()
    }
    const end = () => ending.abort()
    signal.addEventListener('abort', end)
    const history = new History(connection, this.#runtime, this.#problems)
    const stopPulse = startPulse(connection, this.#runtime, {
      roundTrip: (ms) => {
        this.#roundTripMs = ms
      },
      silent: () => lose('the server does not answer'),
    })
    this.#connected(server, { connection, history })
    log.info('hub connected', { server, version: connection.info?.version, time: seconds(awayMs) })
    void this.#watch(connection, lose)
    this.#notify()
    const ended = await orAborted(connection.closed(), ending.signal)
    signal.removeEventListener('abort', end)
    reason ??= connectionProblem(server, ended ?? undefined, this.#plan)
    stopPulse()
    history.close()
    this.#lost(clock.now() - connectedAt)
    if (signal.aborted) await connection.close()
    else {
      log.warn('hub lost', { server, time: seconds(clock.now() - connectedAt), reason })
      // It may take a while to close a connection to a server that is stopped.
      void connection.close()
    }
  }

  #connected(server: string, live: Live): void {
    const { info } = live.connection
    this.#live = live
    this.#server = server
    this.#since = this.#runtime.clock.now()
    this.#connections++
    this.maxPayload = info?.max_payload ?? USUAL_MAX_PAYLOAD
    this.#problems.clear('connection')
    const [major = 0, minor = 0] = (info?.version ?? '').split('.').map(Number)
    if (major < MIN_VERSION[0] || (major === MIN_VERSION[0] && minor < MIN_VERSION[1]))
      this.#problems.add('denied', `${server}: nats-server ${info?.version} is too old, 2.9 or newer is needed`)
    for (const subscriber of this.#subscribers) start(subscriber, live.connection)
  }

  #notify(): void {
    for (const listener of this.#listeners) listener()
  }

  #lost(livedMs: number): void {
    this.#live = undefined
    this.#since = this.#runtime.clock.now()
    this.#roundTripMs = undefined
    this.#failures = livedMs >= HEALTHY_AFTER_MS ? 0 : this.#failures + 1
    this.#problems.clear('denied')
    this.#problems.clear('history')
  }

  /** Reports what the server refuses, and leaves it when it is about to end. */
  async #watch(connection: NatsConnection, lose: (why: string) => void): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'ldm') lose('the server is shutting down')
      if (status.type !== 'error') continue
      if (status.error instanceof errors.PermissionViolationError)
        this.#problems.add('denied', permissionProblem(status.error))
      else this.#runtime.log.debug('hub error', { error: status.error.message })
    }
  }
}

function start(subscriber: Subscriber, connection: NatsConnection): void {
  subscriber.subscription = connection.subscribe(subscriber.subject, {
    callback(error, message) {
      // What is denied is reported by the status of the connection.
      if (error === null) hand(subscriber, deliveryOf(message))
    },
  })
}

/** The client would go on without reading: an error in the program must end it instead. */
function hand(subscriber: Subscriber, delivery: HubDelivery): void {
  try {
    subscriber.receive(delivery)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)}s`
}
