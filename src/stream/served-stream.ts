import type { Logger } from '@logtape/logtape'
import type { NumberedFormat } from '../../filters/numbering.ts'
import type { Ring } from '../ring/ring.ts'
import type { FrameWatcher } from './frame-watcher.ts'
import type { Titles } from './titles.ts'

/** A stream as those see it who give it to listeners, be it in the thread that reads its source or in another. */
export interface ServedStream {
  readonly ring: Ring
  readonly titles: Titles
  readonly log: Logger
  /** The media type; undefined as long as it is not known. */
  readonly contentType: string | undefined
  /** Frames are pieces of bytes that nothing is known about, so that nothing speaks for starting before the newest. */
  readonly isRaw: boolean
  /** How frames are numbered; undefined: they are not. */
  readonly numbering: NumberedFormat | undefined
  /** What every listener gets first. */
  readonly header: Buffer
  /** Nobody starts before this frame: those before it are of an earlier opening of the source. */
  readonly joinFrom: number
  /** Why nothing can be made of the bytes of the source, until it is opened again; undefined: nothing is known against it. */
  readonly refusal: string | undefined
  /** No frame will come any more. */
  readonly isFinished: boolean
  /** Bytes that were given to listeners. */
  bytesOut: number
  /** Who is told of frames. */
  watcher: FrameWatcher | undefined
  listenerCame(): void
  listenerLeft(): void
  /**
   * What goes out before frame `at` to who did not get the one before it; null when nobody can begin there; undefined when
   * that is not known yet, and is to be asked again at the next tick.
   */
  preamble(at: number, joining: boolean, missedFrom: number): Buffer | null | undefined
}
