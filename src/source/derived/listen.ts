import type { About } from '../../plan/stream-plan.ts'

/** Bytes of another stream that belong together: a header and whole frames, or whole frames. */
export interface StreamPiece {
  readonly bytes: Buffer
  /** Title of its first frame, in one line, if the piece before had another one; empty: the title is unknown from here on. */
  readonly title: string | undefined
}

/** A listener within the program: gets the bytes of a stream as every listener does, and is counted as one. */
export interface StreamListener {
  /** Description of the stream that it listens to. */
  readonly about: About
  /** Pieces wait to be taken. */
  readonly hasPieces: boolean
  /** Why no further pieces arrive, in one line; undefined: they do. */
  readonly over: StreamEnd | undefined
  /** Returns the next piece; undefined when none waits. */
  take(): StreamPiece | undefined
  /** Disconnects it. `take` still returns the pieces of the queue. */
  leave(): void
}

/** How the bytes of another stream have ended. */
export interface StreamEnd {
  /** In one line. */
  readonly reason: string
  /** The bytes of that stream are not usable. */
  readonly isRefusal: boolean
}

/**
 * Connects a listener to the stream at a path.
 * @param form of raw samples; undefined: the default of that stream
 * @param changed called when a piece waits, or the end has come
 * @throws SourceError when there is no such stream
 */
export type Listen = (path: string, form: 'wav' | 'raw' | undefined, changed: () => void) => Promise<StreamListener>
