import { Backlog } from './backlog.ts'
import { FrameOrder, type OrderReceiver } from './frame-order.ts'
import { Lag } from './lag.ts'

/** One origin of a stream, as its messages arrive. */
export class Origin {
  readonly name: string
  readonly order: FrameOrder
  readonly backlog = new Backlog()
  readonly lag = new Lag()
  /** Time of its last message, and of its last new frames in order, in milliseconds of the clock. */
  seenAt: number
  newAt = Number.NEGATIVE_INFINITY
  /** Time after its last frames for which more are not to be expected, in milliseconds; see `allowanceOf`. */
  allowanceMs = 0
  /** The gap for which its frames wait, and the end of that. */
  gap: string | undefined
  cancelHold: (() => void) | undefined

  constructor(name: string, now: number, receiver: OrderReceiver) {
    this.name = name
    this.seenAt = now
    this.order = new FrameOrder(receiver)
  }
}
