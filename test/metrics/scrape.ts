/** A metric of a scrape. */
export interface ScrapedMetric {
  readonly type: string
  readonly help: string
  /** Values by the labels as they are written: `{stream="/"}`; without labels: an empty text. */
  readonly values: ReadonlyMap<string, number>
}

/** Fields that Prometheus 2 sends. */
export const PROMETHEUS_ACCEPT =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1'

/** Returns status, type and body of `/metrics`. */
export async function metricsAt(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly type: string | null; readonly body: string }> {
  const response = await fetch(`${url}/metrics`, { headers: { ...headers } })
  return { status: response.status, type: response.headers.get('content-type'), body: await response.text() }
}

/** Scrapes in the text format. @returns the metrics by their names */
export async function scrape(url: string): Promise<ReadonlyMap<string, ScrapedMetric>> {
  return metricsIn((await metricsAt(url)).body)
}

/** Returns one value of a scrape; undefined when it is not there. @param labels as written, with braces */
export async function valueAt(url: string, name: string, labels = ''): Promise<number | undefined> {
  return (await scrape(url)).get(name)?.values.get(labels)
}

/** @param text in the text format of Prometheus */
function metricsIn(text: string): ReadonlyMap<string, ScrapedMetric> {
  const found = new Map<string, { type: string; help: string; values: Map<string, number> }>()
  for (const line of text.split('\n')) {
    const [, keyword, described = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? []
    const [, name = '', labels = '', value] = /^(\w+)(\{.*\})? (\S+)$/.exec(line) ?? []
    const metric = found.get(described || name) ?? { type: '', help: '', values: new Map<string, number>() }
    if (keyword === 'HELP') metric.help = rest
    if (keyword === 'TYPE') metric.type = rest
    if (value !== undefined) metric.values.set(labels, Number(value))
    if (described !== '' || name !== '') found.set(described || name, metric)
  }
  return found
}
