import type { RefusalCause } from '../access/refusal-counts.ts'
import { HUB_METRICS, type ScrapedHub } from './hub-metrics.ts'
import { by, counter, gauge, type Metric } from './metric.ts'

/** The program at the time of a scrape. */
export interface ScrapedProgram {
  readonly version: string
  /** Start of the program, in seconds since 1970. */
  readonly startedAt: number
  /** Threads that deliver, including the main thread. */
  readonly threads: number
  readonly connections: Readonly<Record<'listener' | 'publisher' | 'other', number>>
  readonly refusals: Readonly<Record<RefusalCause, number>>
  /** End of the certificate, in seconds since 1970; undefined: HTTPS is not enabled. */
  readonly certificateEndsAt: number | undefined
  /** In seconds; empty: not measured yet. */
  readonly loopDelay: Readonly<Record<string, number>>
  /** Time in which the main thread was busy, in seconds. */
  readonly busySeconds: number
  /** Time of the event loop that the last scrape took, in seconds; undefined: this is the first one. */
  readonly lastScrapeSeconds: number | undefined
  readonly memory: NodeJS.MemoryUsage
  readonly cpu: NodeJS.CpuUsage
  /** Undefined: none is configured. */
  readonly hub: ScrapedHub | undefined
}

const US_PER_SECOND = 1e6

/** The metrics of the program. */
export const PROGRAM_METRICS: readonly Metric<ScrapedProgram>[] = [
  {
    name: 'streamserve_build_info',
    type: 'gauge',
    help: 'Always 1, with the versions of streamserve and of Node.js.',
    labels: ['version', 'node'],
    samples: ({ version }) => [{ labels: { version, node: process.version }, value: 1 }],
  },
  gauge('streamserve_start_time_seconds', 'Start of the program, since 1970.', ({ startedAt }) => startedAt),
  gauge('streamserve_threads', 'Threads that deliver, with the main thread.', ({ threads }) => threads),
  by(
    'kind',
    { type: 'gauge', name: 'streamserve_connections', help: 'Open connections: listener, publisher, or other.' },
    ({ connections }) => connections,
  ),
  by(
    'cause',
    { type: 'counter', name: 'streamserve_refusals_total', help: 'Refused connections and requests.' },
    ({ refusals }) => refusals,
  ),
  ...HUB_METRICS,
  gauge(
    'streamserve_certificate_end_seconds',
    'End of the certificate of HTTPS, since 1970; only with -tls.',
    ({ certificateEndsAt }) => certificateEndsAt,
  ),
  by(
    'stat',
    {
      type: 'gauge',
      name: 'streamserve_event_loop_delay_seconds',
      help: 'Delay of the main thread in the last seconds: p50, p99 and max.',
    },
    ({ loopDelay }) => loopDelay,
  ),
  counter(
    'streamserve_busy_seconds_total',
    'Time in which the main thread was busy.',
    ({ busySeconds }) => busySeconds,
  ),
  gauge(
    'streamserve_last_scrape_seconds',
    'Time of the main thread that the scrape before this one took.',
    ({ lastScrapeSeconds }) => lastScrapeSeconds,
  ),
  by(
    'mode',
    { type: 'counter', name: 'streamserve_cpu_seconds_total', help: 'CPU time of all threads: user and system.' },
    ({ cpu }) => ({ user: cpu.user / US_PER_SECOND, system: cpu.system / US_PER_SECOND }),
  ),
  by(
    'kind',
    {
      type: 'gauge',
      name: 'streamserve_memory_bytes',
      help: 'Memory: resident, and heap, external and buffers of the main thread.',
    },
    ({ memory }) => ({
      resident: memory.rss,
      heap: memory.heapUsed,
      external: memory.external,
      buffers: memory.arrayBuffers,
    }),
  ),
]
