import { burstOf } from '../../delivery/burst.ts'
import { type Burst, startOf } from '../../ring/cursor.ts'
import { formatText } from '../../stream/format-text.ts'
import { samplesOf } from '../../stream/samples-of.ts'
import type { Stream } from '../../stream/stream.ts'
import type { PlayerNews, StreamTime } from './player-news.ts'
import { createStreamClock, type StreamClock } from './stream-clock.ts'

/** Time without bytes after which an open source is reported as silent, in milliseconds. */
const QUIET_MS = 2_000
const US_PER_MS = 1000

/** Returns the news of a stream, or of a path without one. */
export type ReportOf = (stream: Stream | undefined) => PlayerNews

export function createReports(): ReportOf {
  const clocks = new WeakMap<Stream, StreamClock>()
  return (stream) => {
    if (stream === undefined) return { state: 'absent', format: '', contentType: '' }
    const clock = clocks.get(stream) ?? createStreamClock(stream.ring)
    clocks.set(stream, clock)
    const title = stream.titles.newest
    // Players receive raw frames as WAV.
    const known = samplesOf(stream)?.format
    return {
      state: stateOf(stream),
      format: formatText(stream.format, known),
      contentType: known === undefined ? (stream.contentType ?? '') : 'audio/wav',
      title: title && { text: title.text, from: clock.momentOf(title.from) },
      time: timeOf(stream, clock, burstOf(stream.plan.delivery.burstMs)),
    }
  }
}

function stateOf({ isFinished, sourceState: { kind, quietMs } }: Stream): PlayerNews['state'] {
  if (isFinished) return 'ended'
  if (kind === 'closed') return 'idle'
  if (kind === 'retrying' || kind === 'waiting') return 'off-air'
  return quietMs > QUIET_MS ? 'silent' : 'live'
}

function timeOf({ ring, joinFrom }: Stream, clock: StreamClock, burst: Burst): StreamTime | undefined {
  const frames = ring.next - ring.first
  if (frames > 0 && ring.us === 0) return undefined
  const frame = startOf(ring, burst, joinFrom)
  return {
    line: clock.line,
    newest: clock.newest(),
    start: { frame, at: clock.momentOf(frame) },
    frameMs: ring.us / Math.max(1, frames) / US_PER_MS,
    burstMs: usOf(burst, ring) / US_PER_MS,
  }
}

/** Returns the duration of a burst at the average rate of the frames in the ring, in microseconds. */
function usOf({ us, bytes, mostUs }: Burst, ring: { readonly us: number; readonly bytes: number }): number {
  return ring.bytes === 0 ? us : Math.max(us, Math.min(mostUs, (bytes * ring.us) / ring.bytes))
}
