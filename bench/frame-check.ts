/**
 * Checks that a listener receives every frame of the stream of `frames.ts`: whole, in order, none skipped. `frame-check.c` does
 * the same.
 */

import { FRAME_BYTES, frameNumber, frameStamp, makeFrames } from './frames.ts'

/** Counts of correct and of faulty frames. */
export interface Verdict {
  /** Frames missing within the sequence. */
  bytes: number
  frames: number
  /** Frames missing within the sequence. */
  skipped: number
  /** Frames that are not whole, misplaced, or out of order. */
  corrupt: number
}

/** Called for each whole frame with the time at which it was written to the pipe. */
type FrameCame = (stamp: bigint) => void

export interface FrameCheck {
  /** Checks the next bytes of a listener and adds to the verdict. */
  push(chunk: Buffer, verdict: Verdict, frameCame: FrameCame): void
}

/** The last frames that were found to be right; the copies of all other listeners are compared with them. */
const known = new Map<number, Buffer>()
const KNOWN_FRAMES = 4096

/** @param cut true: the stream may begin in the middle of a frame, as Icecast's does. */
export function createFrameCheck(cut = false): FrameCheck {
  const partial = Buffer.alloc(FRAME_BYTES)
  let filled = 0
  let next = -1
  let isSearching = cut

  /** @returns whether it is a frame of the stream. */
  function judge(frame: Buffer, verdict: Verdict, frameCame: FrameCame): boolean {
    const number = frameNumber(frame)
    if (!isRight(frame, number)) return false
    isSearching = false
    if (number < next) {
      verdict.corrupt++
      return true
    }
    frameCame(frameStamp(frame))
    if (next >= 0) verdict.skipped += number - next
    next = number + 1
    verdict.frames++
    verdict.bytes += frame.length
    return true
  }

  /** The collected bytes are not a frame, at least not from their first byte on. */
  function moveOn(verdict: Verdict): void {
    if (!isSearching) verdict.corrupt++
    isSearching = true
    const start = partial.indexOf(0xff, 1)
    filled = start < 0 ? 0 : partial.copy(partial, 0, start)
  }

  /** Collects bytes of a frame that spans chunks. @returns the number of bytes used. */
  function collect(chunk: Buffer, at: number, verdict: Verdict, frameCame: FrameCame): number {
    const taken = chunk.copy(partial, filled, at)
    filled += taken
    if (filled < FRAME_BYTES) return taken
    if (judge(partial, verdict, frameCame)) filled = 0
    else moveOn(verdict)
    return taken
  }

  return {
    push(chunk, verdict, frameCame) {
      for (let at = 0; at < chunk.length; ) {
        const end = at + FRAME_BYTES
        const isWhole = filled === 0 && end <= chunk.length && judge(chunk.subarray(at, end), verdict, frameCame)
        at += isWhole ? FRAME_BYTES : collect(chunk, at, verdict, frameCame)
      }
    },
  }
}

function isRight(frame: Buffer, number: number): boolean {
  const same = known.get(number)
  if (same !== undefined) return same.equals(frame)
  const right = makeFrames(number, 1, frameStamp(frame))
  if (!right.equals(frame)) return false
  known.set(number, right)
  known.delete(number - KNOWN_FRAMES)
  return true
}
