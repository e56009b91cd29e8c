/** Totals of what a stream has delivered to listeners, of this thread or of all. They are never reset. */
export interface DeliveryCounters {
  /** Bytes that were written to listeners, with headers and lead-ins. */
  bytesOut: number
  framesSent: number
  framesSkipped: number
  /** How often a listener was overtaken by a whole ring. */
  laps: number
}

/** Totals of a stream over its whole life. They are never reset, whatever its source and its listeners do. */
export class StreamCounters implements DeliveryCounters {
  /** Bytes of the source. */
  bytesIn = 0
  /** Part of `bytesIn` in which no frame could start. */
  invalidBytes = 0
  bytesOut = 0
  framesSent = 0
  framesSkipped = 0
  laps = 0
  /** Number of listeners that have connected. */
  joins = 0
  /** Maximum number of listeners at one time. */
  listenerPeak = 0
  /** Openings of the source that were ready to be read. */
  openings = 0
  /** Openings that failed, or could not begin. */
  failures = 0
}
