import type { Frame } from '../../filters/frame-filter.ts'
import type { Part } from './formats.ts'

/** Frames in a row out of the original. */
export interface Piece {
  /** The first one's number. */
  readonly from: number
  /** The number of the first one that is not in it. */
  readonly to: number
  /** What came before it that is not of the original: headers, a lead-in. In bytes. */
  readonly insertedBytes: number
}

/** What a listener got, as far as it is whole frames. */
export interface Heard {
  readonly bytes: Buffer
  readonly pieces: readonly Piece[]
}

/** Between the parts of two frames that are the same for all there are so many bytes at most: a check, and the header of FLAC. */
const MAX_BETWEEN = 19

/** Frames are looked up by so many bytes from their beginning. */
const KEY_BYTES = 12

/** Finds the frames of one original in what listeners got of it. */
export class Original {
  readonly frames: readonly Buffer[]
  readonly #durations: readonly number[]
  readonly #parts: readonly Part[]
  readonly #between: number
  readonly #byKey = new Map<string, number[]>()

  /** @param sameInAll see `Format`. */
  constructor(frames: readonly Frame[], sameInAll?: (frame: Buffer) => Part) {
    this.frames = frames.map(({ bytes }) => bytes)
    this.#parts = this.frames.map((bytes) => sameInAll?.(bytes) ?? { bytes, bytesBehind: 0 })
    this.#between = sameInAll === undefined ? 0 : MAX_BETWEEN
    this.#durations = frames.map(({ durationUs }) => durationUs)
    for (const [index, { bytes }] of this.#parts.entries()) {
      const key = keyAt(bytes, 0)
      const indices = this.#byKey.get(key)
      if (indices === undefined) this.#byKey.set(key, [index])
      else indices.push(index)
    }
  }

  /** Cuts off a last frame that is not whole, and headers that nothing follows any more. */
  locate(body: Buffer): Heard {
    const pieces: Piece[] = []
    let last: { from: number; to: number; insertedBytes: number } | undefined
    let end = 0
    for (let at = 0; at < body.length; ) {
      const next = last?.to ?? 0
      const index = last !== undefined && this.#isAt(next, body, at) ? next : this.#find(body, at, next)
      if (index === undefined) {
        at++
        continue
      }
      if (last === undefined || index !== next || at > end + this.#between) {
        last = { from: index, to: index, insertedBytes: at - end }
        pieces.push(last)
      }
      last.to = index + 1
      const part = this.#parts[index]
      at += part?.bytes.length ?? 0
      end = at + (part?.bytesBehind ?? 0)
    }
    if (last !== undefined) end -= this.#cutHeaders(last)
    return { bytes: body.subarray(0, end), pieces }
  }

  /** Takes frames without sound off the end of a piece. @returns how many bytes they are. */
  #cutHeaders(piece: { readonly from: number; to: number }): number {
    let bytes = 0
    while (piece.to > piece.from + 1 && this.#durations[piece.to - 1] === 0) {
      piece.to--
      bytes += this.frames[piece.to]?.length ?? 0
    }
    return bytes
  }

  /** The first frame from `least` on that stands at `at`. */
  #find(body: Buffer, at: number, least: number): number | undefined {
    return this.#byKey.get(keyAt(body, at))?.find((index) => index >= least && this.#isAt(index, body, at))
  }

  #isAt(index: number, body: Buffer, at: number): boolean {
    const part = this.#parts[index]
    if (part === undefined || at + part.bytes.length + part.bytesBehind > body.length) return false
    return part.bytes.compare(body, at, at + part.bytes.length) === 0
  }
}

function keyAt(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', at, at + KEY_BYTES)
}
