import { bitRateOf } from '../stream/bit-rate.ts'
import { encodePath } from '../stream/encode-path.ts'
import { formatText } from '../stream/format-text.ts'
import { samplesOf } from '../stream/samples-of.ts'
import type { Stream } from '../stream/stream.ts'
import type { Trace } from './path-history.ts'
import type { StreamStatus } from './report.ts'
import { toldText } from './safe-text.ts'
import type { Moments } from './timestamps.ts'

/** Parts of the status of a stream that depend on the access to it, or on time. */
type Parts = Pick<
  StreamStatus,
  | 'titles'
  | 'source'
  | 'publisher'
  | 'relay'
  | 'from'
  | 'fallback'
  | 'level'
  | 'silentSince'
  | 'hls'
  | 'hub'
  | 'recording'
>

export function streamStatus(stream: Stream, parts: Parts, trace: Trace, now: number, moment: Moments): StreamStatus {
  const { bytesIn, invalidBytes, bytesOut, framesSent, framesSkipped } = stream.totals()
  trace.peak.note(stream, now)
  const samples = samplesOf(stream)
  const title = stream.titles.newest?.text ?? ''
  const format = formatText(stream.format, samples?.format)
  return {
    path: stream.path,
    name: stream.plan.about.name ?? null,
    listen: encodePath(stream.path) + (samples?.wavByDefault === false ? '?wav' : ''),
    contentType: (samples?.wavByDefault ? 'audio/wav' : stream.contentType) ?? null,
    format: toldText(format) || null,
    title: toldText(title) || null,
    ...parts,
    rewind: stream.plan.rewind.ms > 0 ? rewindStatus(stream, now) : null,
    bitsPerSecond: bitRate(stream, trace, bytesIn, now),
    listeners: stream.listeners,
    maxListeners: stream.plan.access.maxListeners || null,
    listenerPeak: peakOf(trace, moment),
    history: trace.history.report(),
    framesSent,
    framesSkipped,
    bytesIn,
    invalidBytes,
    bytesOut,
  }
}

function rewindStatus({ ring, timeline, plan }: Stream, now: number): StreamStatus['rewind'] {
  const reachMs = Math.round(now - (timeline.timeOf(ring.first) ?? now))
  return { reachMs, wantedMs: plan.rewind.ms, bytes: ring.bytes }
}

function peakOf({ peak: { noted } }: Trace, moment: Moments): StreamStatus['listenerPeak'] {
  return noted === undefined ? null : { listeners: noted.listeners, at: moment(noted.at) }
}

function bitRate(
  { ring, sourceState, fallback }: Stream,
  { arrivals }: Trace,
  bytesIn: number,
  now: number,
): number | null {
  const isHeard = sourceState.kind === 'open' || fallback !== undefined
  if (!isHeard || bytesIn === 0) return null
  const rate = bitRateOf(ring) ?? arrivals.rate(now, bytesIn, sourceState.since)
  return rate === null ? null : Math.round(rate)
}
