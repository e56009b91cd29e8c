import type { FrameWatcher } from '../stream/frame-watcher.ts'
import type { Stream } from '../stream/stream.ts'
import type { Title } from '../stream/titles.ts'
import type { Clock } from '../system/clock.ts'
import type { NewsEvent, StreamState, StreamUpdate, WholeNews } from './messages.ts'
import type { SharedSegments } from './shared-segments.ts'

/** A thread that subscribes to the stream. */
export interface Subscriber {
  /** Receives new frames and state. */
  take(news: StreamUpdate): void
  /** Adds the counters of the thread's listeners since the last call to those of the stream. */
  count(): void
}

/** Sends the new frames and the state of a stream to other threads. */
export interface StreamExport extends FrameWatcher {
  readonly id: number
  readonly stream: Stream
  /** Adds a subscriber. @returns the present frames and state. */
  add(subscriber: Subscriber): WholeNews
  remove(subscriber: Subscriber): void
  /** Adds up the counters of all threads. */
  count(): void
}

/**
 * Minimum time between messages, in milliseconds; chunks in between are sent together. Far less than frames wait for the tick.
 */
const BETWEEN_MS = 5
/** Bytes that are sent at once. */
const ENOUGH_BYTES = 64 * 1024

/** @param id unique among all streams. */
export function createStreamExport(stream: Stream, id: number, segments: SharedSegments, clock: Clock): StreamExport {
  const { ring } = stream
  const subscribers = new Set<Subscriber>()
  /** The first frame that has not been sent, and the bytes from it on. */
  let told = ring.next
  let waitingBytes = 0
  let toldAt = Number.NEGATIVE_INFINITY
  let cancel: (() => void) | undefined
  let state = stateOf(stream)
  let title: Title | undefined

  const tell = (event?: NewsEvent) => {
    cancel?.()
    cancel = undefined
    waitingBytes = 0
    toldAt = clock.now()
    if (subscribers.size === 0) return
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
    for (const subscriber of subscribers) subscriber.take(news)
  }
  const tellSoon = () => {
    if (subscribers.size > 0) cancel ??= clock.after(toldAt + BETWEEN_MS - clock.now(), tell)
  }
  const chunkEnded = () => {
    if (clock.now() - toldAt < BETWEEN_MS) tellSoon()
    else tell()
  }

  return {
    id,
    stream,
    pauseMs: 0,
    frameCame(bytes) {
      waitingBytes += bytes
      if (waitingBytes >= ENOUGH_BYTES || ring.next - told >= ring.quarter) tell()
    },
    chunkEnded,
    formatChanged: () => tell('format changed'),
    openingEnded() {
      tell('opening ended')
      // The intake has not finished with the opening yet: the frame at which listeners join may still change.
      tellSoon()
    },
    sourceRefused: () => tell('source refused'),
    streamFinished: () => tell('finished'),
    add(subscriber) {
      tell()
      told = ring.next
      state = stateOf(stream)
      title = stream.titles.newest
      subscribers.add(subscriber)
      return {
        ...framesFrom(stream, ring.first, segments),
        id,
        state,
        titles: stream.titles.all(),
        event: undefined,
      }
    },
    remove: (subscriber) => void subscribers.delete(subscriber),
    count() {
      for (const subscriber of subscribers) subscriber.count()
    },
  }
}

function framesFrom({ ring }: Stream, from: number, segments: SharedSegments) {
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
  const { plan, refusal, contentType, isRaw, hasPreambles, numbering, header, joinFrom, isFinished } = stream
  return { plan, refusal, contentType, isRaw, hasPreambles, numbering, header, joinFrom, isFinished }
}

function isSame(one: StreamState, other: StreamState): boolean {
  return (Object.keys(one) as (keyof StreamState)[]).every((name) => one[name] === other[name])
}
