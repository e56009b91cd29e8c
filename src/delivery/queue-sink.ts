import type { RingView } from '../../filters/frame-filter.ts'
import type { About } from '../plan/stream-plan.ts'
import type { StreamEnd, StreamListener, StreamPiece } from '../source/derived/listen.ts'
import type { Titles } from '../stream/titles.ts'
import type { Sink, SinkOwner } from './listener.ts'

/** Bytes of a queue above which nothing more is written to it: frames then wait in the ring, and are skipped if they leave it. */
const MAX_WAITING_BYTES = 128 * 1024

const NOTHING = Buffer.alloc(0)

/** The parts of a stream that this sink reads. */
interface TitledStream {
  readonly plan: { readonly about: About }
  readonly ring: RingView
  readonly titles: Titles
}

/**
 * A listener within the program. Its writes wait in a queue until they are read, and are cut where the title changes:
 *
 *      frames of a write   [  f  ][  f  ][  f  ][  f  ]
 *      titles               A             B
 *      pieces              [      A     ][      B     ]
 */
export class QueueSink implements Sink, StreamListener {
  owner: SinkOwner | undefined
  /** Why no further pieces arrive; undefined: they do. */
  over: StreamEnd | undefined
  readonly #stream: TitledStream
  readonly #changed: () => void
  readonly #pieces: StreamPiece[] = []
  /** Header of the format, until it is written. */
  #prefix: Buffer
  #waitingBytes = 0
  /** A write is pending. */
  #isFull = false
  /** Number of frames of all writes. */
  #frames = 0
  /** Title of the last piece; undefined before the first. */
  #title: string | undefined

  /**
   * @param prefix header of the format, before the first bytes; undefined: none.
   * @param changed called when a piece waits, or the end has come.
   */
  constructor(stream: TitledStream, prefix: Buffer | undefined, changed: () => void) {
    this.#stream = stream
    this.#prefix = prefix ?? NOTHING
    this.#changed = changed
  }

  /** Description of the stream. */
  get about(): About {
    return this.#stream.plan.about
  }

  get hasPieces(): boolean {
    return this.#pieces.length > 0
  }

  write(bytes: Buffer, before: Buffer): boolean {
    const { cursor = 0, framesSent = 0 } = this.owner ?? {}
    const first = cursor - (framesSent - this.#frames)
    this.#frames = framesSent
    this.#cut(bytes, first, cursor, Buffer.concat([this.#prefix, before]))
    this.#prefix = NOTHING
    this.#isFull = this.#waitingBytes > MAX_WAITING_BYTES
    this.#changed()
    return !this.#isFull
  }

  end(): void {
    this.#endWith({ reason: 'the other stream has ended or has another format', isRefusal: false })
  }

  refuse(reason: string): void {
    this.#endWith({ reason, isRefusal: true })
  }

  /** Returns the next piece; undefined when none waits. */
  take(): StreamPiece | undefined {
    const piece = this.#pieces.shift()
    this.#waitingBytes -= piece?.bytes.length ?? 0
    if (this.#isFull && this.#pieces.length === 0) {
      this.#isFull = false
      this.owner?.drained()
    }
    return piece
  }

  /** Disconnects. `take` still returns the pieces of the queue. */
  leave(): void {
    this.over ??= { reason: 'disconnected', isRefusal: false }
    this.owner?.gone('disconnected')
  }

  #endWith(end: StreamEnd): void {
    if (this.over !== undefined) return
    this.over = end
    // Not within the call of the delivery: it may not have counted this listener yet, and a listener that joins at once in place of
    // this one would be ended by the same call.
    queueMicrotask(() => {
      this.owner?.gone('disconnected')
      this.#changed()
    })
  }

  /** Adds the bytes of frames `first` up to (not including) `end`, with those that precede them. */
  #cut(bytes: Buffer, first: number, end: number, before: Buffer): void {
    let from = 0
    let seq = first
    // Nearly always all frames have one title.
    for (let cut = this.#endOfTitle(seq, end); cut < end; cut = this.#endOfTitle(seq, end)) {
      const length = this.#lengthOf(seq, cut)
      // Renumbered frames may have another length than those in the ring; the title changes with the next write then.
      if (this.#lengthOf(cut, end) !== bytes.length - from - length) break
      this.#add(from === 0 ? before : NOTHING, bytes.subarray(from, from + length), seq)
      from += length
      seq = cut
    }
    this.#add(from === 0 ? before : NOTHING, bytes.subarray(from), seq)
  }

  #add(before: Buffer, frames: Buffer, first: number): void {
    const bytes = before.length === 0 ? frames : Buffer.concat([before, frames])
    const title = this.#stream.titles.at(first)?.text ?? ''
    this.#pieces.push({ bytes, title: title === this.#title ? undefined : title })
    this.#title = title
    this.#waitingBytes += bytes.length
  }

  /** Returns the first frame from `first` on that has another title; `end` when there is none. */
  #endOfTitle(first: number, end: number): number {
    const { titles } = this.#stream
    const title = titles.at(first)
    if (titles.at(end - 1) === title) return end
    let seq = first + 1
    while (seq < end && titles.at(seq) === title) seq++
    return seq
  }

  #lengthOf(first: number, end: number): number {
    let length = 0
    for (let seq = first; seq < end; seq++) length += this.#stream.ring.at(seq)?.bytes.length ?? 0
    return length
  }
}
