import { randomUUID } from 'node:crypto'
import { burstOf } from '../../delivery/burst.ts'
import { type Burst, startOf } from '../../ring/cursor.ts'
import { formatText } from '../../stream/format-text.ts'
import { samplesOf } from '../../stream/samples-of.ts'
import type { Stream } from '../../stream/stream.ts'
import type { Clock } from '../../system/clock.ts'
import type { PlayerHls, PlayerNews, PlayerRewind, StreamMs, StreamTime } from './player-news.ts'

/** Time without bytes after which an open source is reported as silent, in milliseconds. */
const QUIET_MS = 2_000
/** Maximum number of past titles, which each player receives every second: some 3 kB. */
const MOST_TITLES = 50
const US_PER_MS = 1000

/** Returns the news of a stream, or of a path without one. */
export type ReportOf = (stream: Stream | undefined) => PlayerNews

export function createReports(clock: Clock): ReportOf {
  const lines = new WeakMap<Stream, string>()
  return (stream) => {
    if (stream === undefined) return { state: 'absent', format: '', contentType: '' }
    const line = lines.get(stream) ?? randomUUID()
    lines.set(stream, line)
    const title = stream.titles.newest
    // Players receive raw frames as WAV.
    const known = samplesOf(stream)?.format
    return {
      state: stateOf(stream),
      format: formatText(stream.format, known),
      contentType: known === undefined ? (stream.contentType ?? '') : 'audio/wav',
      title: title && { text: title.text, from: positionOf(stream, title.from) },
      time: timeOf(stream, line, burstOf(stream.plan.delivery.burstMs)),
      hls: stream.plan.hls && hlsOf(stream, clock.now()),
      rewind: rewindOf(stream, clock.now()),
    }
  }
}

/** Returns the position of a frame; for one that the ring has dropped, that of the oldest frame in the ring. */
function positionOf({ timeline, ring }: Stream, frame: number): StreamMs {
  return timeline.usOf(Math.max(frame, ring.first)) / US_PER_MS
}

function rewindOf(stream: Stream, now: number): PlayerRewind | undefined {
  const { ring, timeline, titles } = stream
  const reachMs = stream.reachMs(now)
  if (reachMs === undefined) return undefined
  const past = titles.all().slice(-MOST_TITLES)
  return {
    reachMs: Math.round(reachMs),
    titles: past.map(({ text, from }) => ({
      text,
      from: Math.round(positionOf(stream, from)),
      agoMs: Math.round(now - (timeline.timeOf(Math.max(from, ring.first)) ?? now)),
    })),
  }
}

function hlsOf({ ring, timeline }: Stream, now: number): PlayerHls | undefined {
  const newest = timeline.timeOf(ring.next)
  return newest === undefined ? undefined : { newestAt: Math.round(Date.now() - (now - newest)) }
}

function stateOf({ isFinished, sourceState: { kind, quietMs } }: Stream): PlayerNews['state'] {
  if (isFinished) return 'ended'
  if (kind === 'closed') return 'idle'
  if (kind === 'retrying' || kind === 'waiting') return 'off-air'
  return quietMs > QUIET_MS ? 'silent' : 'live'
}

function timeOf(stream: Stream, line: string, burst: Burst): StreamTime | undefined {
  const { ring, joinFrom } = stream
  const { frames, us } = ring.recent
  if (frames > 0 && us === 0) return undefined
  const frame = startOf(ring, burst, joinFrom)
  return {
    line,
    newest: positionOf(stream, ring.next),
    start: { frame, at: positionOf(stream, frame) },
    frameMs: us / Math.max(1, frames) / US_PER_MS,
    burstMs: usOf(burst, ring.recent) / US_PER_MS,
  }
}

/** Returns the duration of a burst at the average rate of the frames in the ring, in microseconds. */
function usOf({ us, bytes, mostUs }: Burst, ring: { readonly us: number; readonly bytes: number }): number {
  return ring.bytes === 0 ? us : Math.max(us, Math.min(mostUs, (bytes * ring.us) / ring.bytes))
}
