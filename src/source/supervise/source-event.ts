/** Values of each event of an opening. */
interface OpeningValues {
  /** Label of the source. */
  readonly source: string
  /** Fields that identify the opening in the log, such as the pid. */
  readonly about: Readonly<Record<string, unknown>>
}

/** It is open, and its bytes are expected. */
interface SourceOpened extends OpeningValues {
  readonly kind: 'source opened'
  /** The source keeps failing, and the log counts its openings instead of writing them. */
  readonly isFolded: boolean
}

/** It is open, and waits for its writer or publisher. 'source opened' follows with the first bytes. */
interface SourceWaiting extends OpeningValues {
  readonly kind: 'source waiting'
  /** Cause of the wait; see SourceConnection. */
  readonly waitsFor: string
  readonly isFolded: boolean
}

/** An opening whose event was folded has proved healthy. */
interface SourceRecovered extends OpeningValues {
  readonly kind: 'source recovered'
  /** Number of failures before it. */
  readonly failures: number
}

/**
 * Causes of failures. `not opened`: it could not begin. `interrupted`: it broke off, such as a command with an exit code. `quiet`:
 * it was closed because no bytes arrived. `unusable`: of its bytes, none or no more can be sent. `empty`: it ended without a frame.
 */
export const FAILURE_CAUSES = ['not opened', 'interrupted', 'quiet', 'unusable', 'empty'] as const
export type FailureCause = (typeof FAILURE_CAUSES)[number]

/** An opening has ended, or has failed to begin. */
export interface SourceClosed extends OpeningValues {
  readonly kind: 'source closed'
  readonly livedMs: number
  readonly bytes: number
  /** In one line. */
  readonly reason: string
  /** It ended other than by reaching its end or for lack of demand, or its bytes were not usable. */
  readonly failed: boolean
  /** Undefined: it has not failed. */
  readonly cause: FailureCause | undefined
  readonly isFolded: boolean
  /** Time until it is opened again, in milliseconds; undefined: it is not. */
  readonly pauseMs: number | undefined
  /** Last lines of standard error; undefined: there are none, or it has not failed. */
  readonly stderr: string | undefined
}

/** The bytes of an opening have become frames. */
interface SourceOnAir {
  readonly kind: 'source on air'
  /** In one line; undefined: the format has no description. */
  readonly format: string | undefined
}

/** Report of repeated failures. */
export interface SourceFailedRepeatedly {
  readonly kind: 'source failed repeatedly'
  readonly source: string
  readonly failures: number
  /** Reason of the last one, in one line. */
  readonly reason: string
  /** See SourceClosed. When false, it is opened again and again because it ends at once. */
  readonly failed: boolean
  readonly stderr: string | undefined
  /** Time until the next report, in milliseconds. */
  readonly nextMs: number
}

/** An event of a source. Every opening has its events; those that the log folds are marked. */
export type SourceEvent =
  | SourceOpened
  | SourceWaiting
  | SourceOnAir
  | SourceRecovered
  | SourceClosed
  | SourceFailedRepeatedly
