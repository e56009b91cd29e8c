import t from 'tap'
import { HUB_METRICS, HUB_STREAM_METRICS } from '../../src/metrics/hub-metrics.ts'
import type { Metric } from '../../src/metrics/metric.ts'
import { fakeHub, PUBLISHED, READ } from '../hub/fake-hub.ts'

/** Returns the values of metrics by name, without the prefix that all have; those that are not known are missing. */
function valuesOf<Subject>(metrics: readonly Metric<Subject>[], subject: Subject): Record<string, number> {
  const known = metrics.flatMap(({ name, samples }) => samples(subject).map(({ value }) => [name, value] as const))
  return Object.fromEntries(known.map(([name, value]) => [name.replace('streamserve_hub_', ''), value]))
}

t.test('has the connection to the hub, and nothing without one', async (t) => {
  const { link, edges } = fakeHub()
  t.strictSame(valuesOf(HUB_METRICS, { hub: { link, edges: edges() } }), {
    connected: 1,
    reconnects_total: 2,
    round_trip_seconds: 0.0004321,
    edges: 1,
  })
  const away = fakeHub({ isConnected: false, roundTripMs: undefined }).link
  t.strictSame(valuesOf(HUB_METRICS, { hub: { link: away, edges: [] } }), {
    connected: 0,
    reconnects_total: 2,
    edges: 0,
  })
  t.strictSame(valuesOf(HUB_METRICS, { hub: undefined }), {})
})

t.test('has what a stream sends to the hub, or reads from it', async (t) => {
  t.strictSame(valuesOf(HUB_STREAM_METRICS, { published: PUBLISHED, read: undefined }), {
    published_messages_total: 300,
    published_bytes_total: 500_000,
    resent_frames_total: 40,
    refused_frames_total: 2,
  })
  t.strictSame(valuesOf(HUB_STREAM_METRICS, { published: undefined, read: READ }), {
    origins: 1,
    origin_changes_total: 3,
    duplicate_frames_total: 500,
    refilled_frames_total: 30,
    lost_frames_total: 12,
    gap_seconds_total: 1.2345,
    delay_seconds: 0.01234,
  })
  t.strictSame(valuesOf(HUB_STREAM_METRICS, { published: undefined, read: undefined }), {})
})
