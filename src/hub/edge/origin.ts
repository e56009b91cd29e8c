import { Backlog, type Run } from './backlog.ts'
import { FrameOrder, type OrderReceiver } from './frame-order.ts'
import { Lag } from './lag.ts'
import { findOpening, type Opening } from './opening.ts'
import { isUsable, type Piece } from './piece.ts'

/** Sound of usual messages, in milliseconds, and time in which messages are one burst. */
const USUAL_MS = 100
const BURST_MS = 20
/** Maximum time without frames that a burst explains, in milliseconds: some sources send pages of a second in pairs. */
const MAX_ALLOWANCE_MS = 2_500

/** Searches without a result after which only frames with keys are used: each costs the work of a filter. */
const MAX_SEARCHES = 16

/** One origin of a stream, as its messages arrive. */
export class Origin {
  readonly name: string
  readonly order: FrameOrder
  readonly backlog = new Backlog()
  readonly lag = new Lag()
  /** Time of its last message, and of its last new frames in order, in milliseconds of the clock. */
  seenAt: number
  newAt = Number.NEGATIVE_INFINITY
  /** Sound that has arrived at once, in milliseconds. */
  #burstMs = 0
  /** The gap for which its frames wait, and the end of that. */
  gap: string | undefined
  /** The gap for which its frames were asked for last. */
  askedFor: string | undefined
  cancelHold: (() => void) | undefined
  /** Searches for an opening without a result, since the last result. */
  #searches = 0

  constructor(name: string, now: number, receiver: OrderReceiver) {
    this.name = name
    this.seenAt = now
    this.order = new FrameOrder(receiver)
  }

  /** Takes a piece in order. @param begins see `OrderReceiver` */
  add(piece: Piece, begins: boolean): void {
    const { arrivedAt, soundUs } = piece
    this.backlog.add(piece, begins)
    this.lag.add(piece)
    if (arrivedAt - this.newAt > BURST_MS) this.#burstMs = 0
    this.#burstMs += soundUs / 1000
    this.newAt = arrivedAt
  }

  /** Time after its last frames for which more are not to be expected, in milliseconds: messages of much sound are rare. */
  get allowanceMs(): number {
    return Math.min(MAX_ALLOWANCE_MS, Math.max(0, this.#burstMs - USUAL_MS))
  }

  /** Returns the first frame at which listeners can begin in the pieces of a run from one on. */
  openingIn(run: Run, from: number): Opening | undefined {
    const hasKey = isUsable(run.pieces[from]?.message.key)
    if (!hasKey && this.#searches >= MAX_SEARCHES) return undefined
    const opening = findOpening(run, from)
    this.#searches = opening === undefined ? this.#searches + 1 : 0
    return opening
  }
}
