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

/** Writes scrapes. The values are not in prom-client, which only formats them: each scrape reads the counters of the program. */
export class Exposition {
  readonly #registry: AnyRegistry
  #scraped: Scraped | undefined

  constructor(format: Format) {
    this.#registry = format === 'openmetrics' ? openMetricsRegistry() : new Registry()
    for (const metric of PROGRAM_METRICS) {
      this.#add(format, metric, [], ({ program }) => [...metric.samples(program)])
    }
    for (const metric of STREAM_METRICS) {
      this.#add(format, metric, ['stream'], ({ streams }) => streams.flatMap((stream) => valuesOf(metric, stream)))
    }
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  /** All values are read before this returns, so that scrapes which overlap do not mix. */
  write(scraped: Scraped): Promise<string> {
    this.#scraped = scraped
    return this.#registry.metrics()
  }

  #add(
    format: Format,
    { name, type, help, labels }: Omit<Metric<never>, 'samples'>,
    own: readonly string[],
    read: (scraped: Scraped) => Values,
  ): void {
    // In OpenMetrics the name of a counter is without `_total`, which prom-client adds to its samples.
    const written = format === 'openmetrics' ? name.replace(/_total$/, '') : name
    const config: Config = { name: written, help, labelNames: [...own, ...labels], registers: [] }
    const values = () => (this.#scraped ? read(this.#scraped) : [])
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
