import type { HubFrame, HubKey, HubMessage } from '../../../filters/hub/message.ts'
import { isUsable, type Piece } from './piece.ts'

/** Consecutive pieces of one epoch of an origin. */
export interface Run {
  readonly pieces: Piece[]
  /** The last key with a preamble before its first piece; undefined: none is known. */
  readonly keyBefore: HubKey | undefined
}

/** Time for which pieces are kept, in milliseconds: longer than any wait for a failed origin. */
const KEPT_MS = 2_500
/** Maximum of what is kept of one origin. Keys are up to 2 s apart. */
const MAX_BYTES = 2 * 1024 * 1024
const MAX_PIECES = 1024

/**
 * The newest frames of one origin, from a key on:
 *
 * ```
 *   runs   [key . . key . .]  gap  [. . key . . .]
 *           '-- no key between this and the pieces of the last 2.5 s
 * ```
 */
export class Backlog {
  readonly #runs: Run[] = []
  #bytes = 0
  #pieces = 0
  /** Newest key of this epoch that has a preamble. */
  #key: HubKey | undefined
  #epoch: string | undefined
  /** Title of the newest frame. */
  #title = ''

  /** The last run; undefined: there are no pieces. */
  get newest(): Run | undefined {
    return this.#runs.at(-1)
  }

  get runs(): readonly Run[] {
    return this.#runs
  }

  add(piece: Piece, begins: boolean): void {
    const { epoch, key } = piece.message
    if (epoch !== this.#epoch) this.#key = undefined
    this.#epoch = epoch
    const newest = this.#runs.at(-1)
    if (newest !== undefined && !begins) newest.pieces.push(piece)
    else this.#runs.push({ pieces: [piece], keyBefore: this.#key && { ...this.#key, title: this.#title } })
    this.#title = titleBehind(piece.message, this.#title)
    this.#bytes += piece.payload.length
    this.#pieces++
    if (isUsable(key)) {
      this.#key = key
      this.#forget(piece.arrivedAt - KEPT_MS)
    }
    while (this.#bytes > MAX_BYTES || this.#pieces > MAX_PIECES) this.#dropFirst()
  }

  /** Drops what is not needed to begin at any piece that has arrived since a time. */
  #forget(before: number): void {
    let count = 0
    let unneeded = 0
    for (const { pieces } of this.#runs) {
      for (const { message, arrivedAt } of pieces) {
        if (arrivedAt >= before) break
        if (isUsable(message.key)) unneeded = count
        count++
      }
    }
    for (; unneeded > 0; unneeded--) this.#dropFirst()
  }

  #dropFirst(): void {
    const [run] = this.#runs
    if (run === undefined) return
    const piece = run.pieces.shift()
    const key = piece?.message.key
    this.#bytes -= piece?.payload.length ?? 0
    this.#pieces--
    if (run.pieces.length === 0) this.#runs.shift()
    // What follows can use only the header of this key: frames behind it are missing.
    else if (isUsable(key)) this.#runs[0] = { ...run, keyBefore: key }
  }
}

function titleBehind({ key, frames }: HubMessage, before: string): string {
  let title = key?.title ?? before
  for (const frame of frames) if (frame.title !== undefined) title = frame.title
  return title
}

/** Returns all frames of a run. */
export function framesOfRun({ pieces }: Run): HubFrame[] {
  return pieces.flatMap(({ message }) => message.frames)
}
