import type { Socket } from 'node:net'
import type { Logger } from '@logtape/logtape'
import type { ConnectionLimits } from '../access/connection-limits.ts'
import type { ListenGate } from '../access/listen-gate.ts'
import type { CountRefusal } from '../access/refusal-counts.ts'
import type { CloseReason } from '../delivery/listener.ts'
import type { Station } from '../station/station.ts'
import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'
import type { KeyPair } from '../tls/certificate.ts'
import type { AccessLog } from '../transport/exchange.ts'
import type { Order, ThreadSettings } from './messages.ts'
import { createSharedSegments, type SharedSegments } from './shared-segments.ts'
import { createStreamExports } from './stream-exports.ts'
import { WorkerHost, type WorkerParts } from './worker-host.ts'

/** Parts of the main thread that its threads use. */
export interface MainThread {
  readonly station: Station
  /** See `WorkerParts`. */
  readonly receive: (socket: Socket) => void
  readonly countRefusal: CountRefusal
  readonly gate: ListenGate
  readonly accessLog?: AccessLog | undefined
  /** Undefined: connections are not limited. */
  readonly limits?: ConnectionLimits | undefined
  /** See `Admission`. */
  readonly endOthersFor: (client: string) => boolean
}

/**
 * The delivery threads. Each has a front door of its own, and delivers the frames of the main thread's rings to its listeners:
 *
 *      main thread    source - filter - ring - delivery - sockets
 *                                        |
 *                                shared memory, a message every few ms
 *                                        |
 *      thread 1                        ring - delivery - sockets
 *      thread 2                        ring - delivery - sockets
 */
export class Threads {
  readonly #hosts = new Set<WorkerHost>()
  readonly #segments: SharedSegments
  readonly #parts: WorkerParts
  readonly #limits: ConnectionLimits | undefined
  readonly #crashed: () => void
  readonly #log: Logger
  readonly #clock: Clock
  #started = 0
  #crashedAt: number | undefined
  /** Settings of the next thread. */
  #settings: ThreadSettings
  /** Callbacks that wait for listeners to disconnect. */
  readonly #waiting: (() => void)[] = []

  /** @param crashed called when a thread has ended without an order to end. */
  constructor(settings: ThreadSettings, main: MainThread, crashed: () => void, clock: Clock, log: Logger) {
    this.#settings = settings
    this.#limits = main.limits
    this.#crashed = crashed
    this.#log = log
    this.#clock = clock
    this.#segments = createSharedSegments((memory) => this.#post({ kind: 'segment', memory }))
    this.#parts = this.#partsOf(main, clock)
  }

  /** Number of threads, without the main thread. */
  get count(): number {
    return this.#hosts.size
  }

  /** When the last one has crashed, in milliseconds of the clock; undefined: none has. */
  get crashedAt(): number | undefined {
    return this.#crashedAt
  }

  /** Starts one more. @returns the port that it listens at. @throws the reason when it cannot listen */
  async start(): Promise<number> {
    const thread = ++this.#started
    const host = this.#tryToStart(thread)
    this.#hosts.add(host)
    void this.#lookAfter(host, thread)
    host.post({ kind: 'segment', memory: this.#segments.newest })
    const port = await host.listening
    this.#log.info('delivery thread started', { thread })
    return port
  }

  /** Share of the time that each has worked since the last call, from 0 to 1. */
  loads(): number[] {
    return [...this.#hosts].map((host) => host.load())
  }

  /** Ends connections of other clients for one that lacks a descriptor. @returns false when there are no threads */
  makeRoomFor(client: string): boolean {
    this.#post({ kind: 'make room', client })
    return this.#hosts.size > 0
  }

  /** Disconnects a listener, if it is in one of them. */
  endListener(id: number, why: CloseReason): void {
    this.#post({ kind: 'end listener', id, why })
  }

  /** Moves listeners to a stream with the same format. @param id of the only one; undefined: all of the stream at `from` */
  moveListeners(from: string, to: string, id: number | undefined): void {
    this.#post({ kind: 'move listeners', from, to, id })
  }

  /** Replaces the banned addresses and ranges. */
  ban(entries: readonly string[]): void {
    this.#settings = { ...this.#settings, banned: entries }
    this.#post({ kind: 'banned', entries })
  }

  /** Closes connections of a network that has offered too many wrong passwords. @param ms see `ShunnedNetworks` */
  shun(network: string, ms: number): void {
    this.#post({ kind: 'shun', network, ms })
  }

  /** Changes the certificate for new connections. */
  useCertificate(pair: KeyPair): void {
    this.#settings = { ...this.#settings, pair }
    this.#post({ kind: 'pair', pair })
  }

  /** Makes them stop accepting connections; resolves when all accepted ones are known. */
  async shut(): Promise<void> {
    await Promise.all([...this.#hosts].map((host) => host.shut()))
  }

  /** Resolves when none of them has a listener of this stream. */
  whenEmpty(stream: Stream): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if ([...this.#hosts].every((host) => host.listeners(stream) === 0)) resolve()
        else this.#waiting.push(look)
      }
      look()
    })
  }

  /** Ends their listeners, and then the threads. */
  async end(): Promise<void> {
    await Promise.all([...this.#hosts].map((host) => host.end()))
  }

  #partsOf({ station, receive, countRefusal, gate, accessLog, endOthersFor }: MainThread, clock: Clock): WorkerParts {
    return {
      station,
      exportOf: createStreamExports(this.#segments, clock),
      receive,
      countRefusal,
      gate,
      accessLog,
      noRoomFor: (client, asking) => {
        if (!endOthersFor(client)) this.#post({ kind: 'make room', client }, asking)
      },
      listenersLeft: () => {
        for (const look of this.#waiting.splice(0)) look()
      },
    }
  }

  /** Posts an order to all threads but one. */
  #post(order: Order, except?: WorkerHost): void {
    for (const host of this.#hosts) if (host !== except) host.post(order)
  }

  /** Returns the first slot without a thread, or the last one, whose threads then count together. The main thread has the first. */
  #freeSlot(): number {
    const taken = new Set(Array.from(this.#hosts, ({ slot }) => slot))
    const slots = this.#limits?.slots ?? 1
    let slot = 1
    while (taken.has(slot) && slot < slots - 1) slot++
    return slot
  }

  /** @throws when the system lacks descriptors, memory or threads. */
  #tryToStart(thread: number): WorkerHost {
    try {
      return new WorkerHost(thread, { ...this.#settings, slot: this.#freeSlot() }, this.#parts, this.#log)
    } catch (error) {
      this.#log.error('delivery thread not started', { error: String(error) })
      this.#crashed()
      throw error
    }
  }

  async #lookAfter(host: WorkerHost, thread: number): Promise<void> {
    const failure = await host.gone
    this.#hosts.delete(host)
    if (![...this.#hosts].some(({ slot }) => slot === host.slot)) this.#limits?.forget(host.slot)
    if (failure === undefined) return
    this.#crashedAt = this.#clock.now()
    this.#log.error('delivery thread crashed', { thread, error: String(failure) })
    this.#crashed()
  }
}
