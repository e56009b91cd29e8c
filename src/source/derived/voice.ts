import type { Clock } from '../../system/clock.ts'
import type { StreamListener, StreamPiece } from './listen.ts'
import type { Side, SideStart } from './side.ts'

/** A connection to a side, and the time of its last sound. */
export class Voice {
  /** Name of a fallback; undefined: the stream's own source. */
  readonly name: string | undefined
  readonly side: Side
  readonly #clock: Clock
  readonly #listener: StreamListener
  /** Time of its last bytes, in milliseconds of the clock; before them, of its beginning. */
  #at: number
  #hasSound = false

  /** @param changed called when a piece waits, or the end has come; not before the constructor has returned */
  constructor(name: string | undefined, side: Side, start: SideStart, clock: Clock, changed: (voice: Voice) => void) {
    this.name = name
    this.side = side
    this.#clock = clock
    this.#at = clock.now()
    let isMade = false
    this.#listener = side.listen(start, () => {
      if (!isMade) return
      this.#note()
      changed(this)
    })
    isMade = true
    this.#note()
  }

  get hasPieces(): boolean {
    return this.#listener.hasPieces
  }

  /** No further pieces arrive. */
  get isOver(): boolean {
    return this.#listener.over !== undefined
  }

  /** Time at which its sound ends, in milliseconds of the clock: its last frame is heard for its duration. */
  get soundUntil(): number {
    return this.#at + (this.#hasSound ? this.side.frameMs : 0)
  }

  take(): StreamPiece | undefined {
    return this.#listener.take()
  }

  /** Disconnects it. `take` still returns the pieces of the queue. */
  leave(): void {
    this.#listener.leave()
  }

  #note(): void {
    if (this.#listener.over !== undefined || !this.#listener.hasPieces) return
    this.#at = this.#clock.now()
    this.#hasSound = true
  }
}
