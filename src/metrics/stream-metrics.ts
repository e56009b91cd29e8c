import type { HlsFigures } from '../hls/hls-stream.ts'
import type { ChannelLevel } from '../level/level.ts'
import type { SoundLevel } from '../level/level-meters.ts'
import type { Recording } from '../recorder/recorder.ts'
import type { StreamCounters } from '../stream/counters.ts'
import type { Stream } from '../stream/stream.ts'
import { HUB_STREAM_METRICS, type ScrapedHubStream } from './hub-metrics.ts'
import { by, counter, gauge, type Metric } from './metric.ts'

/** A stream at the time of a scrape. */
export interface ScrapedStream extends ScrapedHubStream {
  /** Value of the label `stream`. */
  readonly label: string
  readonly stream: Stream
  readonly totals: Readonly<StreamCounters>
  /** Undefined: its frames are not samples. */
  readonly sound: SoundLevel | undefined
  /** Undefined: it has no HLS. */
  readonly hls: HlsFigures | undefined
  /** Undefined: it is not recorded. */
  readonly recording: Recording | undefined
  /** Milliseconds of the clock. */
  readonly now: number
}

const MS_PER_SECOND = 1000

/** The metrics with the label `stream`. */
export const STREAM_METRICS: readonly Metric<ScrapedStream>[] = [
  gauge('streamserve_listeners', 'Present listeners.', ({ stream }) => stream.listeners),
  gauge('streamserve_listeners_peak', 'Most listeners at one time.', ({ totals }) => totals.listenerPeak),
  counter('streamserve_listener_seconds_total', 'Time of all listeners together.', ({ totals, now }) =>
    seconds(totals.listening.msAt(now)),
  ),
  counter('streamserve_joins_total', 'Listeners that have connected.', ({ totals }) => totals.joins),
  counter('streamserve_bytes_received_total', 'Bytes of the source.', ({ totals }) => totals.bytesIn),
  counter(
    'streamserve_bytes_invalid_total',
    'Part of them in which no frame could start.',
    ({ totals }) => totals.invalidBytes,
  ),
  counter('streamserve_bytes_sent_total', 'Bytes written to listeners.', ({ totals }) => totals.bytesOut),
  counter('streamserve_frames_sent_total', 'Frames written to listeners.', ({ totals }) => totals.framesSent),
  counter('streamserve_frames_skipped_total', 'Frames that listeners missed.', ({ totals }) => totals.framesSkipped),
  counter('streamserve_laps_total', 'Times that a listener was a whole buffer behind.', ({ totals }) => totals.laps),
  counter('streamserve_ticks_total', 'Rounds over the listeners, of all threads.', ({ totals }) => totals.ticks),
  counter('streamserve_tick_seconds_total', 'Sum of the least times from each round to the next.', ({ totals }) =>
    seconds(totals.tickMs),
  ),
  gauge('streamserve_source_open', '1 while the source is open and its bytes have begun, else 0.', ({ stream }) =>
    stream.sourceState.kind === 'open' ? 1 : 0,
  ),
  gauge('streamserve_source_quiet_seconds', 'Time without bytes, while it is open.', ({ stream: { sourceState } }) =>
    sourceState.kind === 'open' ? seconds(sourceState.quietMs) : undefined,
  ),
  counter('streamserve_on_air_seconds_total', 'Time in which it was open.', ({ totals, now }) =>
    seconds(totals.onAir.msAt(now)),
  ),
  by(
    'result',
    {
      type: 'counter',
      name: 'streamserve_source_openings_total',
      help: 'Openings of the source: opened, or failed to open.',
    },
    ({ totals }) => ({ opened: totals.openings, failed: totals.failuresByCause['not opened'] }),
  ),
  by(
    'cause',
    {
      type: 'counter',
      name: 'streamserve_source_failures_total',
      help: 'Failures of the source, also after it was opened.',
    },
    ({ totals }) => totals.failuresByCause,
  ),
  gauge('streamserve_fallback_active', '1 while a fallback is in place of the source, else 0.', ({ stream }) =>
    stream.fallback === undefined ? 0 : 1,
  ),
  counter('streamserve_fallback_seconds_total', 'Time with a fallback.', ({ totals, now }) =>
    seconds(totals.fallback.msAt(now)),
  ),
  gauge('streamserve_hls_listeners', 'Clients that ask for HLS, estimated.', ({ hls }) => hls?.listeners),
  counter('streamserve_hls_requests_total', 'Requests for playlists and segments of HLS.', ({ hls }) => hls?.requests),
  counter('streamserve_hls_bytes_sent_total', 'Bytes of playlists and segments of HLS.', ({ hls }) => hls?.bytes),
  counter('streamserve_title_changes_total', 'Changes of the title.', ({ totals }) => totals.titleChanges),
  gauge('streamserve_rewind_seconds', 'Time that listeners can go back; only with -rewind.', ({ stream, now }) => {
    const ms = stream.reachMs(now)
    return ms === undefined ? undefined : seconds(ms)
  }),
  gauge('streamserve_recording', '1 while its recording can be written, else 0; only with -record.', ({ recording }) =>
    recording === undefined ? undefined : recording.failure === undefined ? 1 : 0,
  ),
  counter(
    'streamserve_recorded_bytes_total',
    'Bytes written to files of recordings.',
    (stream) => stream.totals.recordedBytes,
  ),
  counter('streamserve_recorded_files_total', 'Recordings that are complete.', ({ totals }) => totals.recordedFiles),
  counter(
    'streamserve_recording_lost_frames_total',
    'Frames that could not be recorded.',
    ({ totals }) => totals.recordingFramesLost,
  ),
  counter(
    'streamserve_recording_failures_total',
    'Failures to write a recording.',
    ({ totals }) => totals.recordingFailures,
  ),
  ...HUB_STREAM_METRICS,
  gauge('streamserve_silent', '1 while the sound is silent, else 0; only for samples.', ({ sound }) =>
    sound === undefined ? undefined : sound.silentSince === undefined ? 0 : 1,
  ),
  counter('streamserve_silence_seconds_total', 'Silent sound, as far as it was measured.', ({ totals }) =>
    seconds(totals.silentMs),
  ),
  by(
    'channel',
    { type: 'gauge', name: 'streamserve_level_peak_dbfs', help: 'Peak of the last second; only for samples.' },
    ({ sound }) => byChannel(sound, ({ peak }) => peak),
  ),
  by(
    'channel',
    { type: 'gauge', name: 'streamserve_level_rms_dbfs', help: 'RMS of the last second; only for samples.' },
    ({ sound }) => byChannel(sound, ({ rms }) => rms),
  ),
]

function seconds(ms: number): number {
  return ms / MS_PER_SECOND
}

/** Channels are counted from 1. */
function byChannel(sound: SoundLevel | undefined, read: (channel: ChannelLevel) => number): Record<string, number> {
  return Object.fromEntries((sound?.channels ?? []).map((channel, index) => [`${index + 1}`, read(channel)]))
}
