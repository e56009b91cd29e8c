import { performance } from 'node:perf_hooks'
import { REFUSAL_CAUSES, type RefusalCause, type RefusalCounts } from '../access/refusal-counts.ts'
import type { HlsFigures } from '../hls/hls-stream.ts'
import type { Hub } from '../hub/hub.ts'
import { hubNameOf } from '../hub/hub-name-of.ts'
import type { LevelMeters } from '../level/level-meters.ts'
import type { Recording } from '../recorder/recorder.ts'
import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'
import { readVersion } from '../system/version.ts'
import { printable } from '../text/printable.ts'
import type { Threads } from '../threads/threads.ts'
import { Exposition, type Format, type Scraped } from './exposition.ts'
import type { ScrapedHubStream } from './hub-metrics.ts'
import { LoopDelay } from './loop-delay.ts'
import type { ScrapedProgram } from './program-metrics.ts'
import type { ScrapedStream } from './stream-metrics.ts'

/** Parts of the program that the metrics are about. */
export interface MetricsSubject {
  readonly streams: () => Iterable<Stream>
  readonly levels: Pick<LevelMeters, 'read'>
  /** Returns the figures of a path's HLS; undefined: it has none. */
  readonly hls: (path: string) => HlsFigures | undefined
  readonly recordings: { read(stream: Stream): Recording | undefined }
  readonly refusals: Pick<RefusalCounts, 'all'>
  readonly threads: Pick<Threads, 'count'>
  /** In milliseconds since 1970; undefined: HTTPS is not enabled. */
  readonly certificateEndsAt: () => number | undefined
  /** Undefined: none is configured. */
  readonly hub: Pick<Hub, 'link' | 'published' | 'read' | 'edges'> | undefined
  /** Number of open connections, of all threads. */
  readonly connections: () => number
}

/** The text of a scrape. */
export interface WrittenMetrics {
  readonly contentType: string
  readonly body: string
}

/** A surrogate that is not half of a pair: a byte of a file name that is not UTF-8, see byte-path.ts. */
const LONE_SURROGATE = /\p{Cs}/gu

/** Writes the metrics of the program and its streams, in both formats. */
export class Metrics {
  readonly #subject: MetricsSubject
  readonly #clock: Clock
  readonly #expositions = new Map<Format, Exposition>()
  readonly #loopDelay: LoopDelay
  readonly #version = readVersion()
  #lastScrapeSeconds: number | undefined

  constructor(subject: MetricsSubject, clock: Clock) {
    this.#subject = subject
    this.#clock = clock
    this.#loopDelay = new LoopDelay(clock)
  }

  async write(format: Format): Promise<WrittenMetrics> {
    const exposition = this.#expositions.get(format) ?? new Exposition(format)
    this.#expositions.set(format, exposition)
    const from = performance.now()
    const scraped = this.#scrape()
    const scrapedMs = performance.now() - from
    const { body, busyMs } = await exposition.write(scraped)
    this.#lastScrapeSeconds = (scrapedMs + busyMs) / 1000
    return { contentType: exposition.contentType, body }
  }

  /** Stops all measurements. */
  stop(): void {
    this.#loopDelay.stop()
  }

  #scrape(): Scraped {
    const now = this.#clock.now()
    const streams = new Map<string, ScrapedStream>()
    for (const stream of this.#subject.streams()) {
      const label = labelOf(stream.path)
      const { levels, hls, recordings, hub } = this.#subject
      const parts = { sound: levels.read(stream), hls: hls(stream.path), recording: recordings.read(stream) }
      const onHub = hubStream(hub, stream)
      streams.set(label, { label, stream, totals: stream.totals(), ...parts, ...onHub, now })
    }
    return { program: this.#program([...streams.values()]), streams: [...streams.values()] }
  }

  #program(streams: readonly ScrapedStream[]): ScrapedProgram {
    const { threads, refusals, connections, certificateEndsAt, hub } = this.#subject
    const endsAt = certificateEndsAt()
    return {
      version: this.#version,
      startedAt: performance.timeOrigin / 1000,
      threads: threads.count + 1,
      connections: byKind(streams, connections()),
      refusals: byCause(refusals.all()),
      certificateEndsAt: endsAt === undefined ? undefined : endsAt / 1000,
      loopDelay: this.#loopDelay.read(),
      busySeconds: performance.eventLoopUtilization().active / 1000,
      lastScrapeSeconds: this.#lastScrapeSeconds,
      memory: process.memoryUsage(),
      cpu: process.cpuUsage(),
      hub: hub && { link: hub.link, edges: hub.edges() },
    }
  }
}

function hubStream(hub: MetricsSubject['hub'], stream: Stream): ScrapedHubStream {
  const name = hubNameOf(stream.plan)
  return { published: hub?.published(stream.path), read: name === undefined ? undefined : hub?.read(name) }
}

/** Characters that cannot be in a label, or end a line, are escaped. */
function labelOf(path: string): string {
  return printable(path).replaceAll(LONE_SURROGATE, (half) => `\\u${half.charCodeAt(0).toString(16)}`)
}

function byKind(streams: readonly ScrapedStream[], open: number): ScrapedProgram['connections'] {
  const listener = streams.reduce((sum, { stream }) => sum + stream.listeners, 0)
  const publisher = streams.filter(({ stream }) => stream.sourceState.peer?.kind === 'publisher').length
  return { listener, publisher, other: Math.max(0, open - listener - publisher) }
}

function byCause(counts: ReadonlyMap<RefusalCause, number>): ScrapedProgram['refusals'] {
  const known = REFUSAL_CAUSES.map((cause) => [cause, counts.get(cause) ?? 0])
  return Object.fromEntries(known) as ScrapedProgram['refusals']
}
