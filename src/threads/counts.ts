/** What a thread's listeners got of one stream: numbers (Float64) in memory that the main thread sees as well, at these places. */
export const BYTES_OUT = 0
export const FRAMES_SENT = 1
export const FRAMES_SKIPPED = 2
const PLACES = 3

export function createCounts(): SharedArrayBuffer {
  return new SharedArrayBuffer(PLACES * Float64Array.BYTES_PER_ELEMENT)
}
