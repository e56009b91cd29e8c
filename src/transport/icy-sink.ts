/** Hot path: integers, views of shared Buffers, nothing made per write but the views. */
import type { Socket } from 'node:net'
import type { RingView } from '../../filters/frame-filter.ts'
import type { Title, Titles } from '../stream/titles.ts'
import { HttpSink, type HttpSinkOptions } from './http-sink.ts'
import { type BlockOf, EMPTY_BLOCK, ICY_INTERVAL } from './icy-block.ts'

/** A stream as far as it is looked at here. */
interface TitledStream {
  readonly ring: RingView
  readonly titles: Titles
}

const NOTHING = Buffer.alloc(0)

/**
 * A listener that asked for titles: a block of metadata stands behind each 16,000 bytes of its body, whatever they are (header,
 * lead-in, frames). It carries the title of the frame that the byte before it is of, if the listener has not got it yet.
 *
 *      frames of a write      [  f  ][  f  ][  f  ][  f  ]          cursor of the listener: behind the last of them
 *      pieces on the socket   [----------](M)[-----------]          views of the same memory, in one call of the system
 */
export class IcySink extends HttpSink {
  readonly #stream: TitledStream
  readonly #blockOf: BlockOf
  /** Bytes of the body until the next block. */
  #untilBlock = ICY_INTERVAL
  /** What the last block was about, or would have been if it had been news. */
  #shown: Title | undefined
  /** The frames that are being written. */
  #frames: Buffer = NOTHING

  constructor(socket: Socket, options: HttpSinkOptions, stream: TitledStream, blockOf: BlockOf) {
    super(socket, options)
    this.#stream = stream
    this.#blockOf = blockOf
  }

  override write(bytes: Buffer, before: Buffer): boolean {
    this.#frames = bytes
    const taken = super.write(bytes, before)
    // What is not needed any more must not hold memory.
    this.#frames = NOTHING
    return taken
  }

  protected override writePart(bytes: Buffer): void {
    if (bytes.length < this.#untilBlock) {
      this.#untilBlock -= bytes.length
      super.writePart(bytes)
      return
    }
    this.socket.cork()
    this.#writeWithBlocks(bytes)
    this.socket.uncork()
  }

  #writeWithBlocks(bytes: Buffer): void {
    let at = 0
    while (bytes.length - at >= this.#untilBlock) {
      const end = at + this.#untilBlock
      super.writePart(bytes.subarray(at, end))
      // A lead-in belongs to the frame that it goes before.
      const behind = bytes === this.#frames ? bytes.length - end : this.#frames.length - 1
      super.writePart(this.#nextBlock(behind))
      this.#untilBlock = ICY_INTERVAL
      at = end
    }
    this.#untilBlock -= bytes.length - at
    super.writePart(bytes.subarray(at))
  }

  /** @param behind how many bytes of the frames that are being written come after the block. */
  #nextBlock(behind: number): Buffer {
    if (this.owner === undefined) return EMPTY_BLOCK
    const { titles } = this.#stream
    const newest = this.owner.cursor - 1
    // Nearly always the title is the same up to the last of these frames, and there is nothing to look for.
    if (titles.at(newest) === this.#shown) return EMPTY_BLOCK
    const title = titles.at(this.#frameBefore(newest, behind))
    const isNews = title !== undefined && title.text !== (this.#shown?.text ?? '')
    this.#shown = title
    return isNews ? this.#blockOf(title) : EMPTY_BLOCK
  }

  /** The frame that holds the byte before the last `bytes` bytes up to the end of frame `newest`. */
  #frameBefore(newest: number, bytes: number): number {
    const { ring } = this.#stream
    let seq = newest
    let left = bytes
    for (let frame = ring.at(seq); frame !== undefined && frame.bytes.length <= left; frame = ring.at(seq)) {
      left -= frame.bytes.length
      seq--
    }
    return seq
  }
}
