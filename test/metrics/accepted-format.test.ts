import t from 'tap'
import { acceptedFormat } from '../../src/metrics/accepted-format.ts'
import { PROMETHEUS_ACCEPT } from './scrape.ts'

const NEWER =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1'

for (const [what, accept, format] of [
  ['Prometheus 2', PROMETHEUS_ACCEPT, 'openmetrics'],
  ['Prometheus 3', NEWER, 'openmetrics'],
  ['the name alone', 'Application/OpenMetrics-Text', 'openmetrics'],
  ['no field', undefined, 'text'],
  ['anything', '*/*', 'text'],
  ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text'],
  ['a client that prefers text', 'application/openmetrics-text;q=0.5, text/plain', 'text'],
  ['a client that excludes it', 'application/openmetrics-text;q=0', 'text'],
  ['a version that is not written', 'application/openmetrics-text; version=9.0.0', 'text'],
  ['a malformed field', ';;,=,application/openmetrics-text;q=x', 'text'],
] as const) {
  t.test(`${what} gets ${format}`, async (t) => t.equal(acceptedFormat(accept), format))
}
