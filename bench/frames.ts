/**
 * The stream of the benches: silent MP3 at 128 kbit/s and 48,000 Hz. The ancillary data of each frame contain its number and
 * the time at which it was written to the pipe. `frame-check.c` has the same layout.
 *
 *     0      4                 36     40       44      52                                          384
 *     header side information  mark   number   stamp   the number's last bits over and over
 */

/** 144 * 128,000 / 48,000: at this rate all frames are of one size, and may be cut as raw bytes, too. */
export const FRAME_BYTES = 384
/** 1152 samples at 48,000 Hz, in milliseconds. */
export const FRAME_MS = 24

/** MPEG-1, Layer III, no checksum, 128 kbit/s, 48,000 Hz, stereo; all of its side information is zero. */
const HEADER = 0xff_fb_94_04
const MARK_AT = 36
const MARK = 0x5afef00d
const NUMBER_AT = 40
const STAMP_AT = 44
const FILLER_AT = 52

/**
 * Makes consecutive frames, as one Buffer.
 * @param stamp time of writing, by `process.hrtime.bigint()`.
 */
export function makeFrames(first: number, count: number, stamp = process.hrtime.bigint()): Buffer {
  const bytes = Buffer.alloc(count * FRAME_BYTES)
  for (let i = 0; i < count; i++) {
    stampFrame(bytes.subarray(i * FRAME_BYTES, (i + 1) * FRAME_BYTES), HEADER, first + i, stamp)
  }
  return bytes
}

/** Fills a frame of MP3. @param bytes zeros; any length of at least 72 bytes */
export function stampFrame(bytes: Buffer, header: number, number: number, stamp: bigint): Buffer {
  bytes.writeUInt32BE(header, 0)
  bytes.writeUInt32BE(MARK, MARK_AT)
  bytes.writeUInt32BE(number, NUMBER_AT)
  bytes.writeBigUInt64BE(stamp, STAMP_AT)
  return bytes.fill(number & 0x7f, FILLER_AT)
}

/** Returns the time at which a frame was written, by `process.hrtime.bigint()`; undefined when it is not one of these. */
export function stampOf(bytes: Buffer): bigint | undefined {
  const isMarked = bytes.length > FILLER_AT && bytes.readUInt32BE(MARK_AT) === MARK
  return isMarked ? bytes.readBigUInt64BE(STAMP_AT) : undefined
}

/** Frames that become due one by one. */
export interface FrameClock {
  /** @returns frames that have become due since the last call; late timers lose none. */
  due(): Buffer
  /** Time until the next frame is due, in milliseconds. */
  nextMs(): number
}

/** @param number that of the first frame. */
export function createFrameClock(number = 0): FrameClock {
  const startedMs = performance.now()
  let next = 0
  return {
    due() {
      const first = next
      next = Math.max(first, Math.floor((performance.now() - startedMs) / FRAME_MS))
      return makeFrames(number + first, next - first)
    },
    nextMs: () => startedMs + (next + 1) * FRAME_MS - performance.now(),
  }
}
