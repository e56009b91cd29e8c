/** Indexes of counters (Float64) in memory shared with the main thread, for one stream and the listeners of one thread. */
export const BYTES_OUT = 0
export const FRAMES_SENT = 1
export const FRAMES_SKIPPED = 2
const PLACES = 3

export function createCounts(): SharedArrayBuffer {
  return new SharedArrayBuffer(PLACES * Float64Array.BYTES_PER_ELEMENT)
}
