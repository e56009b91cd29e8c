import type { ServedStream } from '../stream/served-stream.ts'

/** Why a listener was ended, as logged. */
export type CloseReason =
  | 'disconnected'
  | 'write timeout'
  | 'byte limit'
  | 'descriptor limit'
  | 'format changed'
  | 'source refused'
  | 'stream ended'
  | 'shutting down'
  | 'ended by an administrator'
  | 'moved to another stream'
  | 'banned'
  | 'time limit'

/**
 * Destination of a listener's bytes. It knows nothing of frames; delivery knows nothing of HTTP.
 * It keeps a Buffer until it is written, and never changes its bytes.
 */
export interface Sink {
  /** Receives the sink's events; set by delivery before the first write. */
  owner: SinkOwner | undefined
  /**
   * Writes `before`, if not empty, and `bytes` together. Never called while a write is pending.
   * @returns true when all bytes were accepted; otherwise `owner.drained()` is called when they have been.
   */
  write(bytes: Buffer, before: Buffer): boolean
  /** Flushes pending writes, then closes. */
  end(): void
  /** Closes like `end`; a client that has not received anything yet gets the reason. @param why in one line */
  refuse(why: string): void
  /** Called when its listener is moved to another stream with the same format; without it, a listener cannot be moved. */
  follow?(stream: ServedStream): void
}

/** Receiver of a sink's events. */
export interface SinkOwner {
  /** During a write: the frame after the last one being written. */
  readonly cursor: number
  /** Number of frames written, with those of the present write. */
  readonly framesSent: number
  /** The last write has been accepted; the sink is ready for the next one. */
  drained(): void
  /** The client has disconnected, or its write has timed out. */
  gone(why: CloseReason): void
}

/** Receiver of its listeners' events. */
export interface ListenerKeeper {
  listenerDrained(listener: Listener): void
  listenerGone(listener: Listener): void
}

/** Hot path: there are thousands of instances, so fields are plain numbers, and methods replace closures. */
export class Listener implements SinkOwner {
  /** The next frame to write. */
  cursor: number
  /** Bytes needed before that frame: those before a first frame, those after a skip, or none. */
  needs: 'start' | 'preamble' | 'nothing' = 'start'
  /** The first frame missed at the last skip. */
  missedFrom = 0
  /** In a format with numbered frames: the number that must follow its last frame, as in the ring. */
  nextNumber = 0
  /** Difference between the frame numbers in the ring and the lower ones that are sent. */
  numberShift = 0
  /** Index in the list of writable listeners; -1 while a write is pending. */
  index = -1
  /** Its burst is too short for rounds that wait without load. */
  isHurried = false
  framesSent = 0
  /** Frame bytes only; header and preambles do not count. */
  bytesSent = 0
  framesSkipped = 0
  /** Bytes of a write that the client has not accepted yet. */
  heldBytes = 0
  /** Set when nothing more is written to it, because it is closing or has disconnected. */
  ending: CloseReason | undefined
  readonly sink: Sink
  #keeper: ListenerKeeper
  #isGone = false

  constructor(sink: Sink, cursor: number, keeper: ListenerKeeper) {
    this.sink = sink
    this.cursor = cursor
    this.#keeper = keeper
    sink.owner = this
  }

  /** Makes it a listener that joins another stream, with frame `cursor`. */
  rejoin(cursor: number, keeper: ListenerKeeper): void {
    this.cursor = cursor
    this.needs = 'start'
    this.numberShift = 0
    this.#keeper = keeper
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
