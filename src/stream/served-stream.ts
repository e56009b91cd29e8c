import type { Logger } from '@logtape/logtape'
import type { NumberedFormat } from '../../filters/numbering.ts'
import type { StreamPlan } from '../plan/stream-plan.ts'
import type { Ring } from '../ring/ring.ts'
import type { Emitter } from '../system/emitter.ts'
import type { DeliveryCounters } from './counters.ts'
import type { Epochs } from './epochs.ts'
import type { FrameWatcher } from './frame-watcher.ts'
import type { ListenerEvent } from './stream-event.ts'
import type { Timeline } from './timeline.ts'
import type { Titles } from './titles.ts'

/** The frames of a ring by time and by format. */
export interface StreamPast {
  readonly epochs: Epochs
  readonly timeline: Timeline
}

/** A stream as delivery uses it, in the thread that reads its source or in another one. */
export interface ServedStream {
  readonly plan: StreamPlan
  readonly ring: Ring
  readonly titles: Titles
  /** Receives the events of its listeners. */
  readonly events: Pick<Emitter<ListenerEvent>, 'emit'>
  readonly log: Logger
  /** The media type; undefined until it is known. */
  readonly contentType: string | undefined
  /** Frames are pieces of bytes of an unknown format, so listeners have no reason to start before the newest. */
  readonly isRaw: boolean
  /** How frames are numbered; undefined: they have no numbers. */
  readonly numbering: NumberedFormat | undefined
  /** Bytes that every listener receives first. */
  readonly header: Buffer
  /** Listeners never start before this frame: those before it are of an earlier opening of the source. */
  readonly joinFrom: number
  /** Added to the number of a frame, it gives the number for clients: at an edge, that of the origin, which all edges have. */
  readonly seqShift: number
  /** Why the source's bytes are not usable, until it is opened again; undefined: no problem is known. */
  readonly refusal: string | undefined
  /** Undefined: listeners cannot go back in this thread. */
  readonly past: StreamPast | undefined
  /** There will be no more frames. */
  readonly isFinished: boolean
  /** Totals of the listeners of this thread, for delivery to count. */
  readonly counters: DeliveryCounters
  /** Ends a pause of reading: a watcher needs frames sooner than it has stated. */
  readOn(): void
  listenerCame(): void
  listenerLeft(): void
  /** Adds an observer of the stream's frames; see `WatcherList.add`. @returns removes it */
  watch(watcher: FrameWatcher, order?: 'first' | 'last'): () => void
  /**
   * Returns the bytes to send before frame `at` to a listener that did not get the frame before; null when it cannot start
   * there; undefined when that is not known yet: ask again at the next tick.
   */
  preamble(at: number, joining: boolean, missedFrom: number): Buffer | null | undefined
}
