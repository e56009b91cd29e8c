import type { Logger } from '@logtape/logtape'
import type { Clock } from '../clock.ts'
import type { DeliveryOf } from '../delivery/deliveries.ts'
import type { Station } from '../stream/station.ts'
import type { Stream } from '../stream/stream.ts'
import type { RouteOptions } from '../transport/routes.ts'
import { both } from './both.ts'
import { type Host, type House, startHost } from './host.ts'
import type { ThreadSettings } from './messages.ts'
import { createRelay, type Relay } from './relay.ts'
import { createSegments } from './segments.ts'

/**
 * The delivery threads. Each has a front door of its own, and gives what it copies from the main thread's rings to its listeners:
 *
 *      main thread    source - filter - ring - delivery - sockets
 *                                        |
 *                                shared memory, news of it each few ms
 *                                        |
 *      thread 1                        ring - delivery - sockets
 *      thread 2                        ring - delivery - sockets
 */
export interface Threads {
  /** How many there are. */
  readonly count: number
  /** Starts one more. @returns the port that it listens at. @throws the reason when it does not */
  start(): Promise<number>
  /** Which part of the time each has worked since the last call, from 0 to 1. */
  loads(): number[]
  /** Requests are answered in another way from now on. */
  answer(routes: RouteOptions): void
  /** They take no new connections; resolved when all that have come are known. */
  shut(): Promise<void>
  /** Resolved when none of them has a listener of this stream. */
  whenEmpty(stream: Stream): Promise<void>
  /** Ends their listeners, and then them. */
  end(): Promise<void>
}

/** @param crashed called when a thread has ended that nobody had asked to. */
export function createThreads(
  settings: ThreadSettings,
  station: Station,
  deliveryOf: DeliveryOf,
  crashed: () => void,
  clock: Clock,
  log: Logger,
): Threads {
  const hosts = new Set<Host>()
  const segments = createSegments((memory) => {
    for (const host of hosts) host.post({ kind: 'segment', memory })
  })
  const relays = new WeakMap<Stream, Relay>()
  let streams = 0
  let started = 0
  /** What the next one is started with. */
  let current = settings
  /** Calls that wait for listeners to leave. */
  let waiting: (() => void)[] = []

  const house: House = {
    station,
    relayOf(stream) {
      const known = relays.get(stream)
      if (known !== undefined) return known
      const relay = createRelay(stream, streams++, segments, clock)
      relays.set(stream, relay)
      stream.watcher = both(deliveryOf(stream), relay)
      stream.recount = () => relay.count()
      return relay
    },
    listenersLeft() {
      for (const look of waiting.splice(0)) look()
    },
  }

  async function lookAfter(host: Host, thread: number): Promise<void> {
    const failure = await host.gone
    hosts.delete(host)
    if (failure === undefined) return
    log.error('a delivery thread has crashed', { thread, error: String(failure) })
    crashed()
  }

  return {
    get count() {
      return hosts.size
    },
    async start() {
      const thread = ++started
      const host = startHost(thread, current, house, log)
      hosts.add(host)
      void lookAfter(host, thread)
      host.post({ kind: 'segment', memory: segments.newest })
      const port = await host.listening
      log.info('delivery thread started', { thread })
      return port
    },
    loads: () => [...hosts].map((host) => host.load()),
    answer(routes) {
      current = { ...current, routes }
      for (const host of hosts) host.post({ kind: 'routes', routes })
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
