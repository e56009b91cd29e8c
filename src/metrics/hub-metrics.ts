import type { EdgeState, PublishedState, ReadState } from '../hub/hub.ts'
import type { HubLinkState } from '../hub/hub-link.ts'
import { counter, gauge, type Metric } from './metric.ts'

/** The hub at the time of a scrape. */
export interface ScrapedHub {
  readonly link: HubLinkState
  readonly edges: readonly EdgeState[]
}

/** A stream on the hub at the time of a scrape; undefined: it is not published there, or not read from there. */
export interface ScrapedHubStream {
  readonly published: PublishedState | undefined
  readonly read: ReadState | undefined
}

const MS_PER_SECOND = 1000
/** Silence after which an origin does not count, in milliseconds: messages come several times a second. */
const SILENT_MS = 2_000

/** The metrics of the connection to the hub. */
export const HUB_METRICS: readonly Metric<{ readonly hub: ScrapedHub | undefined }>[] = [
  gauge('streamserve_hub_connected', '1 while the hub is connected, else 0; only with -hub.', ({ hub }) =>
    hub === undefined ? undefined : hub.link.isConnected ? 1 : 0,
  ),
  counter(
    'streamserve_hub_reconnects_total',
    'Connections to the hub after the first one.',
    ({ hub }) => hub?.link.reconnects,
  ),
  gauge('streamserve_hub_round_trip_seconds', 'Last round trip to the server of the hub.', ({ hub }) =>
    seconds(hub?.link.roundTripMs),
  ),
  gauge('streamserve_hub_edges', 'Edges that report themselves on the hub.', ({ hub }) => hub?.edges.length),
]

/** The metrics of streams on the hub. */
export const HUB_STREAM_METRICS: readonly Metric<ScrapedHubStream>[] = [
  counter(
    'streamserve_hub_published_messages_total',
    'Messages sent to the hub; only with -hub-publish.',
    ({ published }) => published?.messages,
  ),
  counter('streamserve_hub_published_bytes_total', 'Bytes sent to the hub.', ({ published }) => published?.bytes),
  counter(
    'streamserve_hub_resent_frames_total',
    'Frames sent to the hub again, because they were missed.',
    ({ published }) => published?.resent,
  ),
  counter(
    'streamserve_hub_refused_frames_total',
    'Frames that are larger than the hub permits, and were not sent.',
    ({ published }) => published?.refused,
  ),
  gauge(
    'streamserve_hub_origins',
    'Origins that send frames of the stream; only with -from hub:NAME.',
    ({ read }) => read?.origins.filter(({ quietMs }) => quietMs < SILENT_MS).length,
  ),
  counter(
    'streamserve_hub_origin_changes_total',
    'Times that another origin became the heard one.',
    ({ read }) => read?.counters.changes,
  ),
  counter(
    'streamserve_hub_duplicate_frames_total',
    'Frames from the hub that came more than once, and were dropped.',
    ({ read }) => read?.counters.duplicates,
  ),
  counter(
    'streamserve_hub_refilled_frames_total',
    'Frames from the hub that were missing, and came later.',
    ({ read }) => read?.counters.refilled,
  ),
  counter(
    'streamserve_hub_lost_frames_total',
    'Frames from the hub that never came.',
    ({ read }) => read?.counters.lost,
  ),
  counter('streamserve_hub_gap_seconds_total', 'Time without frames, as far as it was over 200 ms.', ({ read }) =>
    seconds(read?.counters.gapMs),
  ),
  gauge('streamserve_hub_delay_seconds', 'Delay of the newest message from its origin, by both clocks.', ({ read }) =>
    seconds(read?.delayMs),
  ),
]

function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / MS_PER_SECOND
}
