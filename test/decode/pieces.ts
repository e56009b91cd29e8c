import type { Frame } from '../../filters/frame-filter.ts'
import type { Part } from './formats.ts'

/** Consecutive frames of the original. */
export interface Piece {
  /** Index of its first frame. */
  readonly from: number
  /** Index after its last frame. */
  readonly to: number
  /** Number of bytes before it that are not of the original: headers, a lead-in. */
  readonly insertedBytes: number
}

/** The whole frames that a listener received. */
export interface Heard {
  readonly bytes: Buffer
  readonly pieces: readonly Piece[]
}

/** Maximum number of bytes between the common parts of two frames: a checksum, and the header of FLAC. */
const MAX_BETWEEN = 19

/** Number of bytes at the beginning of frames that are used to look them up. */
const KEY_BYTES = 12

/** Finds the frames of one original in the bytes of listeners. */
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

  /** Ignores a last frame that is incomplete, and headers at the end that no frames follow. */
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

  /** Removes frames without sound from the end of a piece. @returns their size in bytes. */
  #cutHeaders(piece: { readonly from: number; to: number }): number {
    let bytes = 0
    while (piece.to > piece.from + 1 && this.#durations[piece.to - 1] === 0) {
      piece.to--
      bytes += this.frames[piece.to]?.length ?? 0
    }
    return bytes
  }

  /** The first frame with an index of at least `least` that is at `at`. */
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
