import type { Authenticator, NatsConnection } from '@nats-io/transport-node'
import type { HubPlan } from '../../plan/program-plan.ts'
import { pause } from '../../system/clock.ts'
import type { Runtime } from '../../system/runtime.ts'
import type { HubDelivery, HubLink, HubLinkState } from '../hub-link.ts'
import { connectionProblem } from './connection-problem.ts'
import { HubCredentialsError } from './credentials-error.ts'
import { credentialsOf, dial } from './dial.ts'
import { LiveConnection, type Subscriber, USUAL_MAX_PAYLOAD } from './live-connection.ts'
import { Problems } from './problems.ts'
import { reconnectPause, tryTime } from './reconnect-pause.ts'
import { ServerOrder } from './server-order.ts'

/** Time of a connection after which the next failure is the first again, in milliseconds. */
const HEALTHY_AFTER_MS = 5_000
/** Time to send what was published before the end, in milliseconds. */
const CLOSE_MS = 500

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
  #live: LiveConnection | undefined
  #failures = 0
  #connections = 0
  #server: string | undefined
  #since: number
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
      roundTripMs: this.#live?.roundTripMs,
      problem: this.#problems.line,
      keepsHistory: this.#live?.keepsHistory ?? false,
    }
  }

  publish(subject: string, payload: Uint8Array): void {
    if (payload.length <= this.maxPayload) this.#live?.publish(subject, payload)
    else this.#problems.add('denied', tooLarge(this.maxPayload))
  }

  subscribe(subject: string, receive: (delivery: HubDelivery) => void): () => void {
    const subscriber: Subscriber = { subject, receive, subscription: undefined }
    this.#subscribers.add(subscriber)
    this.#live?.start(subscriber)
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
    return (await this.#live?.history(subject, ms)) ?? []
  }

  async close(): Promise<void> {
    await this.#live?.flush(CLOSE_MS)
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
    const parts = { plan: this.#plan, runtime: this.#runtime, problems: this.#problems }
    const live = new LiveConnection(server, connection, parts)
    const awayMs = clock.now() - this.#since
    this.#connected(server, live)
    log.info('hub connected', { server, version: live.version, time: seconds(awayMs) })
    // They may publish at once: the subscriptions are on their way before that.
    for (const listener of this.#listeners) listener()
    const reason = await live.lost(signal)
    const livedMs = clock.now() - this.#since
    this.#lost(livedMs)
    if (signal.aborted) return live.close()
    log.warn('hub lost', { server, time: seconds(livedMs), reason })
    // It may take a while to close a connection to a server that is stopped.
    void live.close()
  }

  #connected(server: string, live: LiveConnection): void {
    this.#live = live
    this.#server = server
    this.#since = this.#runtime.clock.now()
    this.#connections++
    this.maxPayload = live.maxPayload
    this.#problems.clear('connection')
    for (const subscriber of this.#subscribers) live.start(subscriber)
  }

  #lost(livedMs: number): void {
    this.#live = undefined
    this.#since = this.#runtime.clock.now()
    this.#failures = livedMs >= HEALTHY_AFTER_MS ? 0 : this.#failures + 1
    this.#problems.clear('denied')
    this.#problems.clear('history')
  }
}

function tooLarge(limit: number): string {
  return `the hub accepts ${limit} bytes a message (max_payload): larger ones are not sent`
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)}s`
}
