/** Memory shared by all threads. */
export interface SharedSegments {
  /** The segment that is being filled. */
  readonly newest: SharedArrayBuffer
  /** Copies frames one after the other, `bytes` bytes in all. @returns their offset in the newest segment. */
  put(frames: readonly Buffer[], bytes: number): number
}

/** Size of a segment, in bytes: a few seconds of most streams, so that its memory is freed soon after its last frame. */
const SEGMENT_BYTES = 1024 * 1024

/**
 * Writes frames into segments, one segment after the other. Written bytes are never overwritten: a segment lives as long as
 * there is a reference to a frame in it.
 * @param announce posts a new segment to the threads before anything is written to it.
 */
export function createSharedSegments(announce: (memory: SharedArrayBuffer) => void): SharedSegments {
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
