import { FAILURE_CAUSES, type FailureCause } from '../source/supervise/source-event.ts'
import { TimeTotal } from './time-total.ts'

/** Totals of what a stream has delivered to listeners, of this thread or of all. They are never reset. */
export interface DeliveryCounters {
  /** Bytes that were written to listeners, with headers and lead-ins. */
  bytesOut: number
  framesSent: number
  framesSkipped: number
  /** How often a listener was overtaken by a whole ring. */
  laps: number
  /** Number of rounds over the listeners, and sum of the times from each to the next one at the soonest, in milliseconds. */
  ticks: number
  tickMs: number
}

/**
 * Totals of a stream over its whole life, and of those that were at its path before. They are never reset, whatever its source and
 * its listeners do.
 */
export class StreamCounters implements DeliveryCounters {
  /** Bytes of the source. */
  bytesIn = 0
  /** Part of `bytesIn` in which no frame could start. */
  invalidBytes = 0
  bytesOut = 0
  framesSent = 0
  framesSkipped = 0
  laps = 0
  ticks = 0
  tickMs = 0
  /** Number of listeners that have connected. */
  joins = 0
  /** Maximum number of listeners at one time. */
  listenerPeak = 0
  /** Openings of the source that were ready to be read. */
  openings = 0
  /** Openings that failed, or could not begin. */
  failures = 0
  /** The same by cause. */
  readonly failuresByCause: Record<FailureCause, number> = noFailures()
  titleChanges = 0
  /** Bytes that were written to files of recordings, files that are complete, frames that were lost, and failures to write. */
  recordedBytes = 0
  recordedFiles = 0
  recordingFramesLost = 0
  recordingFailures = 0
  /** Duration of sound that was silent while it was measured, in milliseconds. */
  silentMs = 0
  /** Time with listeners, of all of them together. */
  readonly listening = new TimeTotal()
  /** Time with an open source, whose bytes have begun to arrive. */
  readonly onAir = new TimeTotal()
  /** Time with a fallback in place of the source. */
  readonly fallback = new TimeTotal()
}

function noFailures(): Record<FailureCause, number> {
  return Object.fromEntries(FAILURE_CAUSES.map((cause) => [cause, 0])) as Record<FailureCause, number>
}
