import { once } from 'node:events'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import type { Test } from 'tap'
import type { CreateFilter } from '../../filters/frame-filter.ts'
import { loadFilter } from '../../filters/load-filter.ts'
import type { Page } from '../../src/endpoints/page.ts'
import { createPages } from '../../src/endpoints/pages.ts'
import type { StreamPlan } from '../../src/plan/stream-plan.ts'
import { createServer } from '../../src/program/create-server.ts'
import { streamOptions } from '../../src/program/stream-options.ts'
import { createOrphanGuard } from '../../src/source/exec/orphan-guard.ts'
import type { Source } from '../../src/source/source.ts'
import { entryOf } from '../../src/station/single-stream.ts'
import { Stream } from '../../src/stream/stream.ts'
import { systemClock } from '../../src/system/clock.ts'
import type { Threads } from '../../src/threads/threads.ts'
import type { KeyPair } from '../../src/tls/certificate.ts'
import { type KeptLog, keepLog } from '../kept-log.ts'
import { programPlan } from '../plans.ts'
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
  const log = keepLog()
  const runtime = { clock: systemClock, log: log.logger }
  const source = handSource()
  const local = { host: '127.0.0.1', port: 0 }
  const given = programPlan('-address', '127.0.0.1:0', '-debug', ...flags, ...certificateFlags(t, pair))
  const plan = { ...given, streams: given.streams.map(withName) }
  const openEntry = async (own: StreamPlan) => {
    const create = createFilter ?? (await loadFilter(own.ingest.filter))
    return entryOf(new Stream(own, source, streamOptions(own, create, source), runtime.clock, log.logger))
  }
  const delegate = createPages({ own: pages, ofStreams: [] }, runtime.clock, log.logger)
  const guard = createOrphanGuard()
  const host = { guard, cores: 1, socket: undefined, delegate, openEntry, threadAddress: local }
  const server = await createServer(plan, host, runtime)
  const { threads, frontDoor: door } = server
  const [stream] = server.registry.streams()
  if (stream === undefined) throw new Error('there is no stream')
  const crashes = () => linesOf(log).filter((text) => text.startsWith('delivery thread crashed')).length
  t.teardown(async () => {
    server.stopCertificate()
    door.shut()
    await Promise.all([threads.end(), stream.stop('the test is over'), server.pages.close()])
    await door.breakAll()
    await server.clients.end()
  })
  return {
    stream,
    source,
    threads,
    log,
    port: server.address.port,
    crashes,
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

function withName(plan: StreamPlan): StreamPlan {
  return Object.assign(structuredClone(plan), { about: { ...plan.about, name: 'a house' } })
}

/** Returns the flags of a certificate, which is written to files. */
function certificateFlags(t: Test, pair: KeyPair | undefined): string[] {
  if (pair === undefined) return []
  const folder = t.testdir({ 'cert.pem': pair.cert, 'key.pem': pair.key })
  return ['-tls-cert', join(folder, 'cert.pem'), '-tls-key', join(folder, 'key.pem')]
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
