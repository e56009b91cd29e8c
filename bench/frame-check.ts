/** Whether a listener gets every frame of the stream of `frames.ts`: whole, in order, none left out. `frame-check.c` does the same. */

import { FRAME_BYTES, frameNumber, frameStamp, makeFrames } from './frames.ts'

/** What is wrong, and what is not. */
export interface Verdict {
  /** Bytes of frames that are whole and in their place. */
  bytes: number
  frames: number
  /** Frames left out between two others. */
  skipped: number
  /** Frames that are not whole, not where they should be, or out of order. */
  corrupt: number
}

/** Is told when each whole frame was written to the pipe. */
type FrameCame = (stamp: bigint) => void

export interface FrameCheck {
  /** Looks at the next bytes of a listener and adds to the verdict. */
  push(chunk: Buffer, verdict: Verdict, frameCame: FrameCame): void
}

/** The last frames that were compared with what they must be: those of all other listeners are compared with them. */
const known = new Map<number, Buffer>()
const KNOWN_FRAMES = 4096

/** @param cut true: the stream may begin in the middle of a frame, as Icecast's does. */
export function createFrameCheck(cut = false): FrameCheck {
  const partial = Buffer.alloc(FRAME_BYTES)
  let filled = 0
  let next = -1
  let isSearching = cut

  /** @returns whether it is a frame of the stream at all. */
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

  /** What was collected is no frame, at least not from its first byte on. */
  function moveOn(verdict: Verdict): void {
    if (!isSearching) verdict.corrupt++
    isSearching = true
    const start = partial.indexOf(0xff, 1)
    filled = start < 0 ? 0 : partial.copy(partial, 0, start)
  }

  /** Takes bytes for a frame that does not lie whole in one chunk. @returns how many. */
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
