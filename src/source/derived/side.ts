import type { About } from '../../plan/stream-plan.ts'
import type { StreamListener } from './listen.ts'

/**
 * First frame of a listener within the program: the next one; or one that is `burstMs` older than the newest; or, by default, that
 * of a listener without a wish.
 */
export type SideStart = 'next' | 'default' | { readonly burstMs: number }

/** A stream that may be heard: that of the source itself, or one in its place. */
export interface Side {
  readonly kind: 'stream' | 'files'
  /** Format of its newest frames, with all properties that a player cannot change; undefined: it has not had any. */
  readonly format: string | undefined
  /** Media type; undefined until it is known. */
  readonly contentType: string | undefined
  readonly about: About
  /** There will be no more frames. */
  readonly isFinished: boolean
  /** Time since its source has yielded bytes, in milliseconds; undefined: it is not open. */
  readonly quietMs: number | undefined
  /** Duration of its newest frame, in milliseconds; 0: unknown. */
  readonly frameMs: number
  /** Why it has no frames, in one line; undefined: its source is open. */
  readonly absence: string | undefined
  /** Connects a listener. @param changed called when a piece waits, or the end has come */
  listen(start: SideStart, changed: () => void): StreamListener
}

/** The streams of a switch. */
export interface Sides {
  /** That of the source. */
  readonly own: Side
  /** Names of the others at first, in order of preference: paths of streams, of files or of folders. */
  readonly others: readonly string[]
  /** Returns the side of a name. @throws SourceError when there is no such stream, file or folder */
  find(name: string): Promise<Side>
}
