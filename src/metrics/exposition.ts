import { performance } from 'node:perf_hooks'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { OpenMetricsContentType } from 'prom-client'
import Counter from 'prom-client/lib/counter.js'
import Gauge from 'prom-client/lib/gauge.js'
import Registry from 'prom-client/lib/registry.js'
import type { Metric } from './metric.ts'
import { PROGRAM_METRICS, type ScrapedProgram } from './program-metrics.ts'
import { type ScrapedStream, STREAM_METRICS } from './stream-metrics.ts'

/** State of the program and its streams at the time of a scrape. */
export interface Scraped {
  readonly program: ScrapedProgram
  readonly streams: readonly ScrapedStream[]
}

/** Formats of a scrape: `text` is Prometheus's of version 0.0.4. */
export type Format = 'openmetrics' | 'text'

type Values = Awaited<ReturnType<Gauge['get']>>['values']
type AnyRegistry = Registry | Registry<OpenMetricsContentType>

/** Configuration of prom-client's counters and gauges. */
interface Config {
  readonly name: string
  readonly help: string
  readonly labelNames: string[]
  /** Empty: it is registered later. */
  readonly registers: []
}

/** A scrape as text, and the time of the event loop that it took, in milliseconds. */
interface WrittenScrape {
  readonly body: string
  readonly busyMs: number
}

/** Maximum duration of a turn of the event loop, in milliseconds, for a metric of hundreds of streams a little more. */
const TURN_MS = 5

/** Writes scrapes. The values are not in prom-client, which only formats them: each scrape reads the counters of the program. */
export class Exposition {
  readonly #registry: AnyRegistry
  readonly #isOpen: boolean
  readonly #names: string[] = []
  #scraped: Scraped | undefined

  constructor(format: Format) {
    this.#isOpen = format === 'openmetrics'
    this.#registry = this.#isOpen ? openMetricsRegistry() : new Registry()
    for (const metric of PROGRAM_METRICS) {
      this.#add(metric, [], ({ program }) => [...metric.samples(program)])
    }
    for (const metric of STREAM_METRICS) {
      this.#add(metric, ['stream'], ({ streams }) => streams.flatMap((stream) => valuesOf(metric, stream)))
    }
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  /** Writes all metrics, a part of them per turn of the event loop. Scrapes that overlap have values of the same time. */
  async write(scraped: Scraped): Promise<WrittenScrape> {
    this.#scraped = scraped
    const texts: string[] = []
    let [busyMs, turnAt] = [0, performance.now()]
    for (const name of this.#names) {
      texts.push(await this.#registry.getSingleMetricAsString(name))
      const ms = performance.now() - turnAt
      if (ms < TURN_MS) continue
      busyMs += ms
      await nextTurn()
      turnAt = performance.now()
    }
    return { body: this.#end(texts), busyMs: busyMs + performance.now() - turnAt }
  }

  #end(texts: readonly string[]): string {
    return this.#isOpen ? `${texts.join('\n')}\n# EOF\n` : `${texts.join('\n\n')}\n`
  }

  #add(
    { name, type, help, labels }: Omit<Metric<never>, 'samples'>,
    own: readonly string[],
    read: (scraped: Scraped) => Values,
  ): void {
    // In OpenMetrics the name of a counter is without `_total`, which prom-client adds to its samples.
    const written = this.#isOpen ? name.replace(/_total$/, '') : name
    const config: Config = { name: written, help, labelNames: [...own, ...labels], registers: [] }
    const values = () => (this.#scraped ? read(this.#scraped) : [])
    this.#names.push(written)
    this.#registry.registerMetric(type === 'counter' ? new ReadCounter(config, values) : new ReadGauge(config, values))
  }
}

function openMetricsRegistry(): Registry<OpenMetricsContentType> {
  const registry = new Registry<OpenMetricsContentType>()
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  return registry
}

function valuesOf({ samples }: Metric<ScrapedStream>, scraped: ScrapedStream): Values {
  return samples(scraped).map(({ labels, value }) => ({ labels: { stream: scraped.label, ...labels }, value }))
}

/** A counter whose values are read when it is written. */
class ReadCounter extends Counter {
  readonly #read: () => Values

  constructor(config: Config, read: () => Values) {
    super(config)
    this.#read = read
  }

  override get(): ReturnType<Counter['get']> {
    const values = this.#read()
    return super.get().then((metric) => ({ ...metric, values }))
  }
}

/** A gauge whose values are read when it is written. */
class ReadGauge extends Gauge {
  readonly #read: () => Values

  constructor(config: Config, read: () => Values) {
    super(config)
    this.#read = read
  }

  override get(): ReturnType<Gauge['get']> {
    const values = this.#read()
    return super.get().then((metric) => ({ ...metric, values }))
  }
}
