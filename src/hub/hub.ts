import type { HubSourcePlan } from '../plan/stream-plan.ts'
import type { Source } from '../source/source.ts'
import type { Stream } from '../stream/stream.ts'
import type { ChoiceCounters, OriginState } from './edge/origin-choice.ts'
import type { HubLinkState } from './hub-link.ts'

/** A stream that an origin of the hub announces. */
export interface AnnouncedStream {
  readonly name: string
  /** Names of the origins that announce it. */
  readonly origins: readonly string[]
}

/** State of a stream that this program publishes. */
export interface PublishedState {
  readonly name: string
  readonly messages: number
  readonly frames: number
  readonly bytes: number
  /** Frames that were sent again. */
  readonly resent: number
  /** Frames that are larger than the hub permits, and were not sent. */
  readonly refused: number
}

/** State of a stream that this program reads. */
export interface ReadState {
  readonly name: string
  readonly heard: string | undefined
  readonly origins: readonly OriginState[]
  readonly counters: Readonly<ChoiceCounters>
  /** Delay of the newest message from its origin, in milliseconds by the clocks of both; undefined: none has come. */
  readonly delayMs: number | undefined
}

/** An edge, as it reports itself. */
export interface EdgeState {
  readonly edge: string
  readonly listeners: number
  /** Which origin it hears, by stream. */
  readonly hears: Readonly<Record<string, string>>
}

/** The hub as the rest of the program uses it. It is loaded only when it is configured. */
export interface Hub {
  readonly link: HubLinkState
  /** Name of this program. */
  readonly origin: string
  /** Makes a source of the frames of a stream. */
  source(plan: HubSourcePlan): Source
  /** Publishes the frames of a stream, from the opening of its source to its end. @returns ends it before */
  publish(stream: Stream, name: string): () => void
  /** Streams that are announced now, sorted by name. */
  announced(): readonly AnnouncedStream[]
  /** Calls an observer when a stream appears among the announced ones, or leaves them. @returns removes it */
  onAnnounced(listener: () => void): () => void
  published(streamPath: string): PublishedState | undefined
  read(name: string): ReadState | undefined
  edges(): readonly EdgeState[]
  /** Sets how the listeners of this program are counted, for what it reports as an edge. */
  countListeners(count: () => number): void
  close(): Promise<void>
}
