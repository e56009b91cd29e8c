import type { Stream } from '../stream/stream.ts'

/** Frames that were not recorded. */
export interface Loss {
  readonly frames: number
  readonly bytes: number
  /** In milliseconds of sound; 0: it is unknown. */
  readonly ms: number
}

const US_PER_MS = 1000

/** Place of a recorder in the ring of a stream; counts the frames that it misses. */
export class RingCursor {
  readonly #stream: Stream
  readonly #lost: (loss: Loss) => void
  #seq: number
  /** Position of its frame, in microseconds of sound. */
  #us: number
  #waitingBytes = 0
  #missedFrom: number | undefined

  /** Begins at the next frame. @param lost called with frames that are missed */
  constructor(stream: Stream, lost: (loss: Loss) => void) {
    this.#stream = stream
    this.#lost = lost
    this.#seq = stream.ring.next
    this.#us = stream.timeline.us
  }

  /** Number of its frame. */
  get seq(): number {
    return this.#seq
  }

  /** Bytes from its frame to the end of the ring. */
  get waitingBytes(): number {
    return this.#waitingBytes
  }

  /** The first of the frames that were missed just before its frame; undefined: none were. */
  get missedFrom(): number | undefined {
    return this.#missedFrom
  }

  /** Hot path: a frame of `bytes` bytes is in the ring. */
  frameCame(bytes: number): void {
    this.#waitingBytes += bytes
  }

  /** Frames up to `seq` are recorded. @param us their duration, in microseconds */
  advance(seq: number, us: number, bytes: number): void {
    this.#seq = seq
    this.#us += us
    this.#waitingBytes -= bytes
    this.#missedFrom = undefined
  }

  /** Goes to a frame, forward or back, and nothing counts as missed. */
  goTo(seq: number): void {
    this.#seq = seq
    this.#us = this.#stream.timeline.usOf(seq)
    this.#waitingBytes = this.#bytesBetween(seq, this.#stream.ring.next)
    this.#missedFrom = undefined
  }

  /** Misses the frames that have left the ring, and more, so that catching up does not miss others at once. */
  skipLost(): void {
    const { first, next } = this.#stream.ring
    if (this.#seq < first) this.miss(first + ((next - first) >> 1))
  }

  /** Misses the frames before `seq`. */
  miss(seq: number): void {
    const { timeline, ring } = this.#stream
    const left = this.#bytesBetween(seq, ring.next)
    const us = timeline.usOf(seq)
    const loss = { frames: seq - this.#seq, bytes: this.#waitingBytes - left, ms: (us - this.#us) / US_PER_MS }
    this.#missedFrom ??= this.#seq
    this.#seq = seq
    this.#us = us
    this.#waitingBytes = left
    this.#lost(loss)
  }

  /** Misses the frames before `end`, which may not be that of the ring: the recording has ended there. */
  giveUp(end: number): void {
    const { timeline } = this.#stream
    const frames = end - this.#seq
    if (frames <= 0) return
    const ms = (timeline.usOf(end) - timeline.usOf(this.#seq)) / US_PER_MS
    this.#lost({ frames, bytes: this.#bytesBetween(this.#seq, end), ms })
  }

  #bytesBetween(from: number, to: number): number {
    let bytes = 0
    for (let seq = from; seq < to; seq++) bytes += this.#stream.ring.at(seq)?.bytes.length ?? 0
    return bytes
  }
}
