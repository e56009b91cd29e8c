/**
 * The stream of the benches: 128 kbit/s, like an MP3, in frames that carry their number, so that a listener knows whether it
 * got all of them, whole and in order. `floor.c` writes the same bytes.
 */

export const FRAME_BYTES = 320
export const FRAME_MS = 20
export const BYTES_PER_SECOND = (FRAME_BYTES * 1000) / FRAME_MS

const MARK = 0x5afef00d

/** Makes frames in a row, as one Buffer: mark, number, and the number's last byte over and over. */
export function makeFrames(first: number, count: number): Buffer {
  const bytes = Buffer.allocUnsafe(count * FRAME_BYTES)
  for (let i = 0; i < count; i++) {
    const at = i * FRAME_BYTES
    bytes.fill((first + i) & 0xff, at, at + FRAME_BYTES)
    bytes.writeUInt32BE(MARK, at)
    bytes.writeUInt32BE(first + i, at + 4)
  }
  return bytes
}

/** Makes a function that returns the frames that have become due since its last call, so that late timers lose nothing. */
export function createFrameClock(): () => Buffer {
  const started = performance.now()
  let next = 0
  return () => {
    const first = next
    next = Math.floor((performance.now() - started) / FRAME_MS)
    return makeFrames(first, next - first)
  }
}

/** Reads frames in chunks of any size and counts what is wrong with them. */
export interface FrameCheck {
  /** Whole frames in their place. */
  frames: number
  /** Frames left out between two others. */
  lost: number
  /** Frames that are not whole, not where they should be, or not in order. */
  corrupt: number
  push(chunk: Buffer): void
}

export function createFrameCheck(): FrameCheck {
  const partial = Buffer.alloc(FRAME_BYTES)
  let filled = 0
  let next = -1

  const check: FrameCheck = {
    frames: 0,
    lost: 0,
    corrupt: 0,
    push(chunk) {
      for (let at = 0; at < chunk.length; ) {
        const copied = chunk.copy(partial, filled, at)
        at += copied
        filled += copied
        if (filled < FRAME_BYTES) return
        filled = 0
        judge(partial)
      }
    },
  }

  function judge(frame: Buffer): void {
    const seq = frame.readUInt32BE(4)
    if (!frame.equals(makeFrames(seq, 1)) || seq < next) {
      check.corrupt++
      return
    }
    check.frames++
    if (next >= 0) check.lost += seq - next
    next = seq + 1
  }

  return check
}
