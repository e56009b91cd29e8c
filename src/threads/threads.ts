import type { Socket } from 'node:net'
import type { Logger } from '@logtape/logtape'
import type { Station } from '../station/station.ts'
import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'
import type { KeyPair } from '../tls/certificate.ts'
import type { ThreadSettings } from './messages.ts'
import { createSharedSegments } from './shared-segments.ts'
import { createStreamExports } from './stream-exports.ts'
import { WorkerHost, type WorkerParts } from './worker-host.ts'

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
export interface Threads {
  /** Number of threads, without the main thread. */
  readonly count: number
  /** Starts one more. @returns the port that it listens at. @throws the reason when it cannot listen */
  start(): Promise<number>
  /** Share of the time that each has worked since the last call, from 0 to 1. */
  loads(): number[]
  /** Ends connections of other clients for one that lacks a descriptor. @returns false when there are no threads */
  makeRoomFor(client: string): boolean
  /** Changes the certificate for new connections. */
  useCertificate(pair: KeyPair): void
  /** Makes them stop accepting connections; resolves when all accepted ones are known. */
  shut(): Promise<void>
  /** Resolves when none of them has a listener of this stream. */
  whenEmpty(stream: Stream): Promise<void>
  /** Ends their listeners, and then the threads. */
  end(): Promise<void>
}

/** Parts of the main thread that its threads use. */
export interface MainThread {
  readonly station: Station
  /** See `WorkerParts`. */
  readonly receive: (socket: Socket) => void
  /** See `Admission`. */
  readonly endOthersFor: (client: string) => boolean
}

/** @param crashed called when a thread has ended without an order to end. */
export function createThreads(
  settings: ThreadSettings,
  { station, receive, endOthersFor }: MainThread,
  crashed: () => void,
  clock: Clock,
  log: Logger,
): Threads {
  const hosts = new Set<WorkerHost>()
  const segments = createSharedSegments((memory) => {
    for (const host of hosts) host.post({ kind: 'segment', memory })
  })
  let started = 0
  /** Settings of the next thread. */
  let current = settings
  /** Callbacks that wait for listeners to disconnect. */
  let waiting: (() => void)[] = []

  const parts: WorkerParts = {
    station,
    exportOf: createStreamExports(segments, clock),
    receive,
    noRoomFor(client, asking) {
      if (!endOthersFor(client)) askHosts(client, asking)
    },
    listenersLeft() {
      for (const look of waiting.splice(0)) look()
    },
  }

  function askHosts(client: string, asking?: WorkerHost): void {
    for (const host of hosts) if (host !== asking) host.post({ kind: 'make room', client })
  }

  /** @throws when the system lacks descriptors, memory or threads. */
  function tryToStart(thread: number): WorkerHost {
    try {
      return new WorkerHost(thread, current, parts, log)
    } catch (error) {
      log.error('delivery thread not started', { error: String(error) })
      crashed()
      throw error
    }
  }

  async function lookAfter(host: WorkerHost, thread: number): Promise<void> {
    const failure = await host.gone
    hosts.delete(host)
    if (failure === undefined) return
    log.error('delivery thread crashed', { thread, error: String(failure) })
    crashed()
  }

  return {
    get count() {
      return hosts.size
    },
    async start() {
      const thread = ++started
      const host = tryToStart(thread)
      hosts.add(host)
      void lookAfter(host, thread)
      host.post({ kind: 'segment', memory: segments.newest })
      const port = await host.listening
      log.info('delivery thread started', { thread })
      return port
    },
    loads: () => [...hosts].map((host) => host.load()),
    makeRoomFor(client) {
      askHosts(client)
      return hosts.size > 0
    },
    useCertificate(pair) {
      current = { ...current, pair }
      for (const host of hosts) host.post({ kind: 'pair', pair })
    },
    async shut() {
      await Promise.all([...hosts].map((host) => host.shut()))
    },
    whenEmpty(stream) {
      return new Promise((resolve) => {
        const look = () => {
          if ([...hosts].every((host) => host.listeners(stream) === 0)) resolve()
          else waiting.push(look)
        }
        look()
      })
    },
    async end() {
      await Promise.all([...hosts].map((host) => host.end()))
    },
  }
}
