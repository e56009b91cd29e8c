import type { JetStreamManager, StreamInfo } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { inTime, repeat } from '../../system/clock.ts'
import type { Runtime } from '../../system/runtime.ts'
import type { HubDelivery } from '../hub-link.ts'
import { HistoryReads } from './history-reads.ts'
import { createLiveStream, historyProblem, keepsFrames, LIVE_STREAM, liveStream, noHistory } from './live-stream.ts'
import type { Problems } from './problems.ts'

/** Time for an answer of JetStream, in milliseconds. */
const REQUEST_MS = 2_000
/** Time that a read waits for a check that is on its way, in milliseconds. */
const FIRST_CHECK_MS = 250
/** Time after which a published message is kept, in milliseconds. */
const STORED_MS = 1_000
/** Checks without an answer after which it is a problem: a new leader takes some seconds. */
const MAX_FAILURES = 4
/** Interval of checks whether messages are kept, in seconds; without an answer it is one second. */
const CHECK_EVERY_S = 5
const SECOND_MS = 1_000

/** JetStream of one connection. */
export class History {
  readonly #connection: NatsConnection
  readonly #runtime: Runtime
  readonly #problems: Problems
  readonly #manager: Promise<JetStreamManager>
  readonly #reads: HistoryReads
  /** Stops the checks. */
  readonly #stop: () => void
  #checking: Promise<void>
  #publishesFrames = false
  /** When the first message was published since the last check; undefined: none was. */
  #publishedSince: number | undefined
  /** Number of the last kept message at the last check. */
  #lastSeq: number | undefined
  #keepsFrames = false
  /** Checks without an answer, in a row. */
  #failures = 0
  /** It was refused at the last check, and not only for the moment. */
  #isRefused = false

  constructor(connection: NatsConnection, runtime: Runtime, problems: Problems) {
    this.#connection = connection
    this.#runtime = runtime
    this.#problems = problems
    this.#manager = managerOf(connection)
    this.#reads = new HistoryReads(connection, this.#manager, runtime.clock, (error) => this.#failed(error))
    this.#checking = this.#check()
    let seconds = 0
    this.#stop = repeat(runtime.clock, SECOND_MS, async () => {
      const isWaiting = this.#failures > 0 && !this.#isRefused
      if (++seconds % CHECK_EVERY_S !== 0 && !isWaiting) return
      this.#checking = this.#check()
      await this.#checking
    })
  }

  /** Messages are kept. */
  get keepsFrames(): boolean {
    return this.#keepsFrames
  }

  /** Frames were published. At the first ones the stream that keeps them is created, unless it exists. */
  published(): void {
    this.#publishedSince ??= this.#runtime.clock.now()
    if (this.#publishesFrames) return
    this.#publishesFrames = true
    this.#checking = this.#checking.then(() => this.#check())
  }

  /** See `HistoryReads.read`. */
  async read(subject: string, ms: number): Promise<readonly HubDelivery[]> {
    await inTime(this.#runtime.clock, FIRST_CHECK_MS, this.#checking)
    if (this.#isRefused || this.#connection.isClosed()) return []
    const messages = await this.#reads.read(subject, ms)
    if (messages.length > 0) this.#keepsFrames = true
    return messages
  }

  close(): void {
    this.#stop()
    this.#keepsFrames = false
  }

  async #check(): Promise<void> {
    try {
      const manager = await this.#manager
      const found = await liveStream(manager)
      const info = found ?? (this.#publishesFrames ? await this.#create(manager) : undefined)
      this.#failures = 0
      this.#found(info !== undefined, info && this.#problemOf(info))
    } catch (error) {
      this.#failed(error)
    }
  }

  async #create(manager: JetStreamManager): Promise<StreamInfo | undefined> {
    const servers = this.#connection.info?.connect_urls?.length ?? 1
    const info = await createLiveStream(manager, servers)
    const { num_replicas: replicas, max_bytes: bytes } = info?.config ?? {}
    this.#runtime.log.info('hub history created', { replicas, bytes })
    return info
  }

  /** Returns why a stream does not keep what is published, in one line; undefined: it does. */
  #problemOf(info: StreamInfo): string | undefined {
    if (!keepsFrames(info)) return noHistory(`the JetStream stream ${LIVE_STREAM} is there, but not for ss.a.>`)
    const [seq, since] = [info.state.last_seq, this.#publishedSince]
    const isStuck = this.#lastSeq === seq && since !== undefined && this.#runtime.clock.now() - since > STORED_MS
    this.#lastSeq = seq
    this.#publishedSince = undefined
    return isStuck ? noHistory('JetStream is full: it keeps nothing new (max_mem)') : undefined
  }

  /** @param problem why frames are not kept, which is not for the moment only */
  #found(isThere: boolean, problem: string | undefined): void {
    this.#keepsFrames = isThere && problem === undefined
    this.#isRefused = problem !== undefined
    if (problem === undefined) this.#problems.clear('history')
    else this.#problems.set('history', problem)
  }

  #failed(error: unknown): void {
    if (this.#connection.isClosed()) return
    const isSilent = ++this.#failures >= MAX_FAILURES
    const problem = historyProblem(error) ?? (isSilent ? noHistory('JetStream does not answer') : undefined)
    this.#found(false, problem)
    if (problem === undefined) this.#runtime.log.debug('hub history not available', { error: (error as Error).message })
  }
}

/** The JetStream client takes memory, so it is loaded with the first connection. */
async function managerOf(connection: NatsConnection): Promise<JetStreamManager> {
  const { jetstreamManager } = (await import('@nats-io/jetstream')).default
  return jetstreamManager(connection, { checkAPI: false, timeout: REQUEST_MS })
}
