import { endOf, type Piece, partOf } from './piece.ts'

/** Receives the frames of one origin in their order. */
export interface OrderReceiver {
  /** @param begins it does not follow the piece before it: frames are missing between the two, or it is of another epoch */
  inOrder(piece: Piece, begins: boolean): void
  /** Frames were dropped that had arrived before. */
  duplicates(frames: number): void
  /** Frames have arrived while later ones waited for them. */
  refilled(frames: number): void
  /** Frames are not waited for any longer. */
  lost(frames: number): void
}

/** Pieces that wait behind a gap: at most 2.5 s of messages of 20 ms with what arrives again, and their bytes. */
const MAX_WAITING = 256
const MAX_WAITING_BYTES = 2 * 1024 * 1024
/** Earlier epochs that are remembered, so that late messages of them are recognised. */
const MAX_ENDED = 8
/** Time without new frames of an epoch after which one that has begun earlier may take its place, in milliseconds. */
const STALE_MS = 300

/**
 * Puts the messages of one origin in order, and drops frames that have arrived before.
 *
 * ```
 *   arrived   [0 1 2][3 4][3 4][8 9]    [5 6 7][10]
 *   in order  [0 1 2][3 4]              [5 6 7][8 9][10]      8 and 9 wait for 5 to 7, until `skip`
 * ```
 *
 * An epoch begins with a piece that has a key. At the origin its numbers continue those of the epoch before, or begin anew.
 */
export class FrameOrder {
  readonly #receiver: OrderReceiver
  /** Undefined: no piece with a key has arrived. */
  #epoch: string | undefined
  #beganAt = Number.NEGATIVE_INFINITY
  /** Number of the next frame. */
  #next = 0
  /** Time of the last new frame, in milliseconds of the clock. */
  #newAt = Number.NEGATIVE_INFINITY
  /** Earlier epochs with the number behind their last frame. */
  readonly #ended = new Map<string, number>()
  /** Pieces behind a gap: those of this epoch first, each epoch by number. */
  #waiting: Piece[] = []
  #waitingBytes = 0

  constructor(receiver: OrderReceiver) {
    this.#receiver = receiver
  }

  /** Arrival of the first frames that wait for missing ones, in milliseconds of the clock; undefined: none do. */
  get waitsSince(): number | undefined {
    return this.#waiting[0]?.arrivedAt
  }

  /** Name of what is missing, to compare with that of another time. */
  get gap(): string {
    return this.#epoch === undefined ? `before ${this.#waiting[0]?.message.epoch}` : `${this.#epoch} ${this.#next}`
  }

  take(piece: Piece): void {
    const { message } = piece
    if (this.#isOld(piece)) return this.#receiver.duplicates(message.frames.length)
    const isGapOpen = this.#waiting.length > 0
    if (!isGapOpen && this.#follows(piece)) return this.#pass(piece, false)
    if (isGapOpen && this.#fills(piece)) this.#receiver.refilled(endOf(message) - this.#next)
    this.#insert(piece)
    this.#drain()
    if (this.#waiting.length > MAX_WAITING || this.#waitingBytes > MAX_WAITING_BYTES) this.skip()
  }

  /** Gives up the frames that are missing. */
  skip(): void {
    const [first] = this.#waiting
    if (first === undefined) return
    if (first.message.epoch === this.#epoch) {
      this.#receiver.lost(first.message.seq - this.#next)
      this.#shift()
      this.#pass(first, true)
    } else this.#skipToKey()
    this.#drain()
  }

  #isOld({ message, arrivedAt }: Piece): boolean {
    const { epoch, epochBeganAt } = message
    if (epoch === this.#epoch) return endOf(message) <= this.#next
    const end = this.#ended.get(epoch)
    if (end !== undefined && endOf(message) <= end) return true
    return this.#epoch !== undefined && epochBeganAt < this.#beganAt && arrivedAt - this.#newAt < STALE_MS
  }

  #follows({ message }: Piece): boolean {
    return message.epoch === this.#epoch && message.seq === this.#next
  }

  #fills({ message }: Piece): boolean {
    return message.epoch === this.#epoch && message.seq <= this.#next
  }

  #insert(piece: Piece): void {
    const at = this.#waiting.findIndex((other) => this.#compare(piece, other) < 0)
    this.#waiting.splice(at < 0 ? this.#waiting.length : at, 0, piece)
    this.#waitingBytes += piece.payload.length
  }

  #compare({ message: one }: Piece, { message: other }: Piece): number {
    if (one.epoch === other.epoch) return one.seq - other.seq
    if (one.epoch === this.#epoch) return -1
    if (other.epoch === this.#epoch) return 1
    return one.epochBeganAt - other.epochBeganAt
  }

  #shift(): void {
    this.#waitingBytes -= this.#waiting.shift()?.payload.length ?? 0
  }

  /** Passes the waiting pieces that follow. */
  #drain(): void {
    for (let first = this.#waiting[0]; first !== undefined && this.#takes(first); first = this.#waiting[0]);
  }

  /** Passes or drops the first waiting piece. @returns false when it has to wait */
  #takes(first: Piece): boolean {
    const { epoch, seq, key, frames } = first.message
    if (epoch !== this.#epoch) {
      if (key === undefined && this.#epoch === undefined) return this.#dropUnkeyed(epoch)
      // Where the numbers of epochs continue, the frames up to this one are missing.
      if (key === undefined || (this.#epoch !== undefined && seq > this.#next)) return false
      this.#shift()
      this.#begin(first)
      return true
    }
    if (seq > this.#next) return false
    this.#shift()
    const repeated = Math.min(this.#next - seq, frames.length)
    if (repeated > 0) this.#receiver.duplicates(repeated)
    if (repeated < frames.length) this.#pass(repeated > 0 ? partOf(first, repeated) : first, false)
    return true
  }

  /** Drops the first piece when one with a key waits behind it: nothing can begin before that. @returns false: none does */
  #dropUnkeyed(epoch: string): boolean {
    const hasKey = this.#waiting.some(({ message }) => message.epoch === epoch && message.key !== undefined)
    if (hasKey) this.#shift()
    return hasKey
  }

  /** Begins the next epoch with the first piece that has a key. Pieces before it are lost. */
  #skipToKey(): void {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const { message } = first
      this.#shift()
      if (message.key !== undefined) {
        if (this.#epoch !== undefined) this.#receiver.lost(Math.max(0, message.seq - this.#next))
        return this.#begin(first)
      }
    }
  }

  #begin(piece: Piece): void {
    const { epoch, epochBeganAt } = piece.message
    if (this.#epoch !== undefined) this.#end(this.#epoch)
    this.#epoch = epoch
    this.#beganAt = epochBeganAt
    this.#pass(piece, true)
  }

  #end(epoch: string): void {
    this.#ended.delete(epoch)
    this.#ended.set(epoch, this.#next)
    const [oldest] = this.#ended.keys()
    if (this.#ended.size > MAX_ENDED && oldest !== undefined) this.#ended.delete(oldest)
  }

  #pass(piece: Piece, begins: boolean): void {
    this.#next = endOf(piece.message)
    this.#newAt = piece.arrivedAt
    this.#receiver.inOrder(piece, begins)
  }
}
