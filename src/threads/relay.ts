import type { FrameWatcher } from '../stream/frame-watcher.ts'
import type { Stream } from '../stream/stream.ts'
import type { Title } from '../stream/titles.ts'
import type { Clock } from '../system/clock.ts'
import type { StreamEvent, StreamNews, StreamState } from './messages.ts'
import type { Segments } from './segments.ts'

/** A thread that has the stream too. */
export interface Taker {
  /** Takes what is new. */
  take(news: StreamNews): void
  /** Adds to the stream's counts what the thread's listeners got since the last call. */
  count(): void
}

/** Tells other threads what is new in a stream. */
export interface Relay extends FrameWatcher {
  readonly id: number
  readonly stream: Stream
  /** From now on `taker` gets all that is new. @returns what there is already. */
  add(taker: Taker): StreamNews
  remove(taker: Taker): void
  /** Lets all threads count. */
  count(): void
}

/** Chunks that end sooner after the last news are told of together, in milliseconds: far less than frames wait for the tick. */
const BETWEEN_MS = 5
/** So many bytes do not wait. */
const ENOUGH_BYTES = 64 * 1024

/** @param id is no other stream's. */
export function createRelay(stream: Stream, id: number, segments: Segments, clock: Clock): Relay {
  const { ring } = stream
  const takers = new Set<Taker>()
  /** The first frame that nobody has been told of, and bytes from it on. */
  let told = ring.next
  let waitingBytes = 0
  let toldAt = Number.NEGATIVE_INFINITY
  let cancel: (() => void) | undefined
  let state = stateOf(stream)
  let title: Title | undefined

  const tell = (event?: StreamEvent) => {
    cancel?.()
    cancel = undefined
    waitingBytes = 0
    toldAt = clock.now()
    if (takers.size === 0) return
    const now = stateOf(stream)
    const newest = stream.titles.newest
    const more = {
      state: isSame(state, now) ? undefined : now,
      titles: title === newest ? undefined : stream.titles.all(),
      event,
    }
    state = now
    title = newest
    const news = { ...framesFrom(stream, Math.max(told, ring.first), segments), id, ...more }
    told = ring.next
    for (const taker of takers) taker.take(news)
  }
  const tellSoon = () => {
    if (takers.size > 0) cancel ??= clock.after(toldAt + BETWEEN_MS - clock.now(), tell)
  }
  const chunkEnded = () => {
    if (clock.now() - toldAt < BETWEEN_MS) tellSoon()
    else tell()
  }

  return {
    id,
    stream,
    restMs: 0,
    frameCame(bytes) {
      waitingBytes += bytes
      if (waitingBytes >= ENOUGH_BYTES || ring.next - told >= ring.quarter) tell()
    },
    chunkEnded,
    formatChanged: () => tell('format changed'),
    openingEnded() {
      tell('opening ended')
      // The intake is not yet done with the opening: where listeners join is still to change.
      tellSoon()
    },
    sourceRefused: () => tell('source refused'),
    streamFinished: () => tell('finished'),
    add(taker) {
      tell()
      told = ring.next
      state = stateOf(stream)
      title = stream.titles.newest
      takers.add(taker)
      return {
        ...framesFrom(stream, ring.first, segments),
        id,
        state,
        titles: stream.titles.all(),
        event: undefined,
      }
    },
    remove: (taker) => void takers.delete(taker),
    count() {
      for (const taker of takers) taker.count()
    },
  }
}

function framesFrom({ ring }: Stream, from: number, segments: Segments) {
  const count = ring.next - from
  const frames: Buffer[] = []
  const lengths = new Uint32Array(count)
  const durations = new Float64Array(count)
  let bytes = 0
  for (let at = 0; at < count; at++) {
    const frame = ring.at(from + at)
    if (frame === undefined) continue
    frames.push(frame.bytes)
    lengths[at] = frame.bytes.length
    durations[at] = frame.durationUs
    bytes += frame.bytes.length
  }
  return { from, offset: segments.put(frames, bytes), lengths, durations, ringBytes: ring.bytes }
}

function stateOf(stream: Stream): StreamState {
  const { refusal, contentType, isRaw, hasPreambles, numbering, header, joinFrom, isFinished } = stream
  return { refusal, contentType, isRaw, hasPreambles, numbering, header, joinFrom, isFinished }
}

function isSame(one: StreamState, other: StreamState): boolean {
  return (Object.keys(one) as (keyof StreamState)[]).every((name) => one[name] === other[name])
}
