import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import type { Test } from 'tap'
import type { CreateFilter } from '../../filters/frame-filter.ts'
import { loadFilter } from '../../filters/load-filter.ts'
import { parseCommandLine } from '../../src/config/command-line.ts'
import { createDeliveries } from '../../src/delivery/deliveries.ts'
import type { Page } from '../../src/endpoints/page.ts'
import { createPages } from '../../src/endpoints/pages.ts'
import { streamOptions } from '../../src/program/setup.ts'
import type { Source } from '../../src/source/source.ts'
import { stationOf } from '../../src/station/station.ts'
import { Stream } from '../../src/stream/stream.ts'
import { systemClock } from '../../src/system/clock.ts'
import { createThreads, type Threads } from '../../src/threads/threads.ts'
import type { KeyPair } from '../../src/tls/certificate.ts'
import { createSecureSockets } from '../../src/tls/secure-sockets.ts'
import { createFrontDoor } from '../../src/transport/front-door.ts'
import { addressOf, bind } from '../../src/transport/listening.ts'
import { createRoutes } from '../../src/transport/routes.ts'
import { type KeptLog, keepLog } from '../kept-log.ts'
import { until } from '../processes.ts'

/** A source in the hands of a test. */
interface HandSource extends Source {
  /** Passes these bytes to the current opening, or to the next one. */
  give(...chunks: readonly Buffer[]): void
  /** Ends the opening that there is, or the next one. */
  end(): void
  /** Numbers of openings and closes. */
  readonly opened: number
  readonly closed: number
}

/** Parts of the program within the process of the test. Each thread listens at its own port, so that a test can choose one. */
export interface TestHouse {
  readonly stream: Stream
  readonly source: HandSource
  readonly threads: Threads
  readonly log: KeptLog
  /** Of the main thread. */
  readonly port: number
  /** Number of crashes of threads. */
  crashes(): number
  /** Starts a thread. @returns its port, and the thread itself to do harm to */
  start(): Promise<{ readonly port: number; readonly worker: Worker }>
  /** Resolved when the stream has this number of listeners in total. */
  has(listeners: number): Promise<void>
  /** Resolved when the log has this number of matching lines. */
  logged(pattern: RegExp, times?: number): Promise<void>
}

/** Optional parts. */
export interface HouseOptions {
  readonly createFilter?: CreateFilter | undefined
  /** At paths of their own. */
  readonly pages?: readonly Page[]
  /** For HTTPS. */
  readonly pair?: KeyPair
}

/** @param flags as on the command line. */
export async function openProgram(
  t: Test,
  flags: readonly string[] = [],
  { createFilter, pages = [], pair }: HouseOptions = {},
): Promise<TestHouse> {
  const line = parseCommandLine(flags)
  if (line.kind !== 'run') throw new Error('these flags run nothing')
  const { config } = line
  const log = keepLog()
  const clock = systemClock
  const source = handSource()
  const create = createFilter ?? (await loadFilter(config.frameFilter))
  const stream = new Stream('/', source, streamOptions(config, undefined, create, source), clock, log.logger)
  const station = stationOf(stream)
  const { maxDelay: maxDelayMs, burst: burstMs, clientMaxBytes, headerTimeout: headerTimeoutMs } = config
  const policy = { maxDelayMs, burstMs, clientMaxBytes, writeMemory: 2 ** 26 }
  const deliveryOf = createDeliveries(policy, clock)
  const about = { name: 'a house', description: undefined, genre: undefined, url: undefined }
  const routes = { samples: undefined, clientTimeoutMs: config.clientTimeout, likelyType: undefined, about }
  const secure = pair && createSecureSockets(pair, log.logger).secure
  const delegate = createPages({ own: pages, ofStreams: [] }, clock, log.logger)
  const handle = createRoutes(station, deliveryOf, routes, delegate, clock, log.logger)
  const door = createFrontDoor({ timeoutMs: headerTimeoutMs, handle, secure }, clock, log.logger)
  await bind(door.server, { host: '127.0.0.1', port: 0 })
  const settings = {
    address: { host: '127.0.0.1', port: 0 },
    headerTimeoutMs,
    policy,
    ringBytes: 2 ** 26,
    routes,
    pair,
    debug: true,
  }
  let crashes = 0
  const crashed = () => {
    crashes++
  }
  const mainThread = { station, receive: door.receive, endOthersFor: door.endOthersFor }
  const threads = createThreads(settings, mainThread, crashed, clock, log.logger)
  t.teardown(async () => {
    door.shut()
    await Promise.all([threads.end(), stream.stop('the test is over')])
    await door.breakAll()
  })
  return {
    stream,
    source,
    threads,
    log,
    port: addressOf(door.server).port,
    crashes: () => crashes,
    async start() {
      const made = once(process, 'worker')
      const port = await threads.start()
      const [worker] = (await made) as [Worker]
      return { port, worker }
    },
    has: (listeners) => until(`${listeners} listeners`, () => stream.listeners === listeners),
    logged: (pattern, times = 1) =>
      until(`${times} of ${pattern}`, () => linesOf(log).filter((text) => pattern.test(text)).length >= times),
  }
}

/** Log messages with all values: `listener disconnected stream=/ bytes=12`. */
function linesOf(log: KeptLog): string[] {
  return log.records.map(({ message, properties }) => {
    const values = Object.entries(properties).map(([name, value]) => `${name}=${String(value)}`)
    return [message.join(''), ...values].join(' ')
  })
}

function handSource(): HandSource {
  const waiting: (Buffer | undefined)[] = []
  let wake: (() => void) | undefined
  const counts = { opened: 0, closed: 0 }
  async function* chunks(signal: AbortSignal): AsyncGenerator<Buffer> {
    signal.addEventListener('abort', () => wake?.(), { once: true })
    try {
      while (!signal.aborted) {
        while (waiting.length > 0) {
          const next = waiting.shift()
          if (next === undefined) return
          yield next
        }
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    } finally {
      counts.closed++
    }
  }
  return {
    label: 'the test',
    patient: true,
    get opened() {
      return counts.opened
    },
    get closed() {
      return counts.closed
    },
    give(...given) {
      waiting.push(...given)
      wake?.()
    },
    end() {
      waiting.push(undefined)
      wake?.()
    },
    async open(signal) {
      counts.opened++
      return { chunks: chunks(signal), about: {} }
    },
  }
}
