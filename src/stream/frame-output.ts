import type { About } from '../plan/stream-plan.ts'
import type { Ring } from '../ring/ring.ts'
import type { Emitter } from '../system/emitter.ts'
import type { StreamCounters } from './counters.ts'
import type { FrameWatcher } from './frame-watcher.ts'
import type { StreamEvent } from './stream-event.ts'

/** Destination of frames and of what is known about them. */
export interface FrameOutput {
  readonly ring: Ring
  /** Notifies all watchers of the stream. */
  readonly watchers: FrameWatcher
  /** It has listeners, or other readers for which the source is kept open. */
  readonly isWanted: boolean
  /** Duration of its segments of HLS, in milliseconds. */
  readonly segmentMs: number
  readonly counters: StreamCounters
  readonly events: Emitter<StreamEvent>
  /** The stream itself names the title that plays from the next frame on. */
  played(title: string): void
  /** The source describes the stream, where its operator does not. */
  described(about: Partial<About>): void
  finish(failure: Error | undefined): void
}
