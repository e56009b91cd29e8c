import type { HubFrame } from '../../../filters/hub/message.ts'
import { endOf, type Piece } from './piece.ts'

/** Time for which delivered frames are kept, in milliseconds, and maximum of them, to be compared with those of other origins. */
const KEPT_MS = 3_000
const MAX_BYTES = 1024 * 1024
/** Pieces that are kept however old they are. */
const MIN_PIECES = 8
/** Gaps that are counted, in milliseconds. */
const MIN_GAP_MS = 200

/** Totals of the times without frames. */
export interface GapTotals {
  longestGapMs: number
  gapMs: number
}

/** The frames that were delivered last, from the beginning of the opening. */
export class Delivered {
  epoch = ''
  epochBeganAt = 0
  /** Number and position of the next frame. */
  next = 0
  us = 0
  /** Time of the last delivery, in milliseconds of the clock; undefined: there was none. */
  at: number | undefined
  /** Sound of all that was delivered at this time, in milliseconds. */
  soundMs = 0
  readonly #totals: GapTotals
  #pieces: Piece[] = []
  #bytes = 0

  constructor(totals: GapTotals) {
    this.#totals = totals
  }

  /** @param begins the piece does not follow the last one */
  add(piece: Piece, begins: boolean, now: number): void {
    const { message, soundUs } = piece
    this.#countGap(soundUs / 1000, now)
    this.epoch = message.epoch
    this.epochBeganAt = message.epochBeganAt
    this.next = endOf(message)
    this.us = message.us + soundUs
    if (begins) {
      this.#pieces = []
      this.#bytes = 0
    }
    this.#pieces.push(piece)
    this.#bytes += piece.payload.length
    while (this.#pieces.length > MIN_PIECES && this.#isTooMuch(now)) {
      this.#bytes -= this.#pieces.shift()?.payload.length ?? 0
    }
  }

  /** The last frames: the first of them has the number `next` less their number. */
  frames(): HubFrame[] {
    return this.#pieces.flatMap(({ message }) => message.frames)
  }

  #isTooMuch(now: number): boolean {
    return this.#bytes > MAX_BYTES || (this.#pieces[0]?.arrivedAt ?? now) < now - KEPT_MS
  }

  #countGap(soundMs: number, now: number): void {
    if (this.at === now) {
      this.soundMs += soundMs
      return
    }
    const gap = this.at === undefined ? 0 : now - this.at - this.soundMs
    this.#totals.longestGapMs = Math.max(this.#totals.longestGapMs, gap)
    if (gap > MIN_GAP_MS) this.#totals.gapMs += gap
    this.at = now
    this.soundMs = soundMs
  }
}
