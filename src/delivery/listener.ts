/** Why a listener's time ends, as the log says it. */
export type CloseReason =
  | 'left'
  | 'takes nothing'
  | 'got its bytes'
  | 'no room'
  | 'format changed'
  | 'source refused'
  | 'stream ended'
  | 'shutting down'

/**
 * Where a listener's bytes go. It knows nothing of frames; delivery knows nothing of HTTP.
 * It holds what it was given until that is written, and never changes a byte of it.
 */
export interface Sink {
  /** Whom to tell; set by delivery before the first write. */
  owner: SinkOwner | undefined
  /**
   * Writes `before`, if there is any, and `bytes`, in one go. Never called while a write is under way.
   * @returns true when all of it was taken; otherwise `owner.drained()` is called when it has been.
   */
  write(bytes: Buffer, before: Buffer): boolean
  /** Lets what was written go out, then closes. */
  end(): void
  /** Closes like `end`; a client that has got nothing yet is told why. @param why in one line */
  refuse(why: string): void
}

/** What a sink tells its owner, and may ask it. */
export interface SinkOwner {
  /** During a write: the frame after the last one that is being written. */
  readonly cursor: number
  /** The last write has been taken; another may come. */
  drained(): void
  /** The other side is gone, or was given up because it takes nothing. */
  gone(why: CloseReason): void
}

/** Who keeps listeners. */
export interface ListenerKeeper {
  listenerDrained(listener: Listener): void
  listenerGone(listener: Listener): void
}

/** Hot path: one for each of thousands, so plain numbers, and methods of the class in place of closures of its own. */
export class Listener implements SinkOwner {
  /** The next frame it gets. */
  cursor: number
  /** What it lacks before that frame: all that comes before a first frame, what a skip takes, or nothing. */
  lacks: 'start' | 'preamble' | 'nothing' = 'start'
  /** The first frame that it did not get, at its last skip. */
  missedFrom = 0
  /** In a format whose frames have numbers: the number that must follow its last frame, as the ring has it. */
  nextNumber = 0
  /** By how much the numbers that it gets are lower than those in the ring. */
  numberShift = 0
  /** Where it stands among those who can be written to; -1 while a write is under way. */
  place = -1
  framesSent = 0
  /** Bytes of frames; header and preambles do not count. */
  bytesSent = 0
  framesSkipped = 0
  /** Bytes of a write that the client has not taken yet. */
  heldBytes = 0
  /** Set when nothing more is written to it: it is going, or gone. */
  ending: CloseReason | undefined
  readonly sink: Sink
  readonly #keeper: ListenerKeeper
  #isGone = false

  constructor(sink: Sink, cursor: number, keeper: ListenerKeeper) {
    this.sink = sink
    this.cursor = cursor
    this.#keeper = keeper
    sink.owner = this
  }

  drained(): void {
    if (this.ending === undefined) this.#keeper.listenerDrained(this)
  }

  gone(why: CloseReason): void {
    if (this.#isGone) return
    this.#isGone = true
    this.ending ??= why
    this.#keeper.listenerGone(this)
  }
}
