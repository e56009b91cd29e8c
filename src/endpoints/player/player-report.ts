import { randomUUID } from 'node:crypto'
import { burstOf } from '../../delivery/burst.ts'
import { type Burst, startOf } from '../../ring/cursor.ts'
import { formatText } from '../../stream/format-text.ts'
import { samplesOf } from '../../stream/samples-of.ts'
import type { Stream } from '../../stream/stream.ts'
import type { Title } from '../../stream/titles.ts'
import type { Clock } from '../../system/clock.ts'
import type { PlayedTitle, PlayerHls, PlayerNews, PlayerRewind, SentNews, StreamMs, StreamTime } from './player-news.ts'

/** Time without bytes after which an open source is reported as silent, in milliseconds. */
const QUIET_MS = 2_000
/** Maximum number of past titles: some 3 kB. */
const MOST_TITLES = 50
/** Time after which the titles are sent again without a new one, in milliseconds: the oldest are gone. */
const TITLES_EVERY_MS = 30_000
const US_PER_MS = 1000

/** Returns the news of a stream, or of a path without one. @param isFirst they are for new clients */
type ReportOf = (stream: Stream | undefined, isFirst: boolean) => SentNews

/** @param showsListeners the number of listeners is public */
export function createReports(clock: Clock, showsListeners: boolean): ReportOf {
  const lines = new WeakMap<Stream, string>()
  const sendsTitles = createTitleTurns()
  return (stream, isFirst) => {
    if (stream === undefined) return { state: 'absent', format: '', contentType: '' }
    const line = lines.get(stream) ?? randomUUID()
    lines.set(stream, line)
    const title = stream.titles.newest
    const now = clock.now()
    // Players receive raw frames as WAV.
    const known = samplesOf(stream)?.format
    const hasTitles = isFirst || sendsTitles(stream, now)
    return {
      state: stateOf(stream),
      format: formatText(stream.format, known),
      contentType: known === undefined ? (stream.contentType ?? '') : 'audio/wav',
      title: title && { text: title.text, from: positionOf(stream, title.from) },
      time: timeOf(stream, line, burstOf(stream.plan.delivery.burstMs)),
      hls: stream.plan.hls && hlsOf(stream, now),
      rewind: rewindOf(stream, now, hasTitles),
      played: hasTitles ? playedTitles(stream, now) : undefined,
      listeners: showsListeners ? stream.listeners : undefined,
    }
  }
}

/** Returns the position of a frame; for one that the ring has dropped, that of the oldest frame in the ring. */
function positionOf({ timeline, ring }: Stream, frame: number): StreamMs {
  return timeline.usOf(Math.max(frame, ring.first)) / US_PER_MS
}

/** Returns a function that decides when the present clients of a stream get the titles of the past. */
function createTitleTurns(): (stream: Stream, now: number) => boolean {
  const sent = new WeakMap<Stream, { readonly newest: Title | undefined; readonly at: number }>()
  return (stream, now) => {
    const { newest } = stream.titles
    const last = sent.get(stream)
    if (last !== undefined && last.newest === newest && now - last.at < TITLES_EVERY_MS) return false
    sent.set(stream, { newest, at: now })
    return true
  }
}

function rewindOf(stream: Stream, now: number, hasTitles: boolean): SentNews['rewind'] {
  const reachMs = stream.reachMs(now)
  if (reachMs === undefined) return undefined
  const reach = { reachMs: Math.round(reachMs) }
  return hasTitles ? { ...reach, titles: pastTitles(stream, now) } : reach
}

function pastTitles(stream: Stream, now: number): PlayerRewind['titles'] {
  const { ring, timeline, titles } = stream
  const past = titles.all().slice(-MOST_TITLES)
  return past.map(({ text, from }) => ({
    text,
    from: Math.round(positionOf(stream, from)),
    agoMs: Math.round(now - (timeline.timeOf(Math.max(from, ring.first)) ?? now)),
  }))
}

function playedTitles({ titleHistory }: Stream, now: number): readonly PlayedTitle[] {
  return titleHistory.all.map(({ text, since }) => ({ text, agoMs: Math.round(now - since) }))
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
  const { ring, joinFrom, seqShift } = stream
  const { frames, us } = ring.recent
  if (frames > 0 && us === 0) return undefined
  const frame = startOf(ring, burst, joinFrom)
  return {
    line,
    newest: positionOf(stream, ring.next),
    start: { frame: Math.max(0, frame + seqShift), at: positionOf(stream, frame) },
    frameMs: us / Math.max(1, frames) / US_PER_MS,
    burstMs: usOf(burst, ring.recent) / US_PER_MS,
  }
}

/** Returns the duration of a burst at the average rate of the frames in the ring, in microseconds. */
function usOf({ us, bytes, mostUs }: Burst, ring: { readonly us: number; readonly bytes: number }): number {
  return ring.bytes === 0 ? us : Math.max(us, Math.min(mostUs, (bytes * ring.us) / ring.bytes))
}
