/** Memory that all threads see. */
export interface Segments {
  /** The one that is being filled. */
  readonly newest: SharedArrayBuffer
  /** Copies frames behind one another, `bytes` bytes in all. @returns where in the newest segment they are. */
  put(frames: readonly Buffer[], bytes: number): number
}

/** A segment holds a few seconds of most streams, so that it is given up soon after its frames were. In bytes. */
const SEGMENT_BYTES = 1024 * 1024

/**
 * Frames go into segments, one segment after the other. What was written is never written again: a segment lives for as long
 * as a frame in it is held by anybody.
 * @param announce tells the threads of a new segment before anything is in it.
 */
export function createSegments(announce: (memory: SharedArrayBuffer) => void): Segments {
  let room = Buffer.from(new SharedArrayBuffer(SEGMENT_BYTES))
  let used = 0
  return {
    get newest() {
      return room.buffer
    },
    put(frames, bytes) {
      if (used + bytes > room.length) {
        const memory = new SharedArrayBuffer(Math.max(SEGMENT_BYTES, bytes))
        room = Buffer.from(memory)
        used = 0
        announce(memory)
      }
      const offset = used
      for (const frame of frames) {
        room.set(frame, used)
        used += frame.length
      }
      return offset
    },
  }
}
