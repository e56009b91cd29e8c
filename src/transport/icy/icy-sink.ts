/** Hot path: integers, views of shared Buffers, nothing allocated per write but the views. */
import type { Socket } from 'node:net'
import type { RingView } from '../../../filters/frame-filter.ts'
import type { Title, Titles } from '../../stream/titles.ts'
import { HttpSink, type HttpSinkOptions } from '../http/http-sink.ts'
import { type BlockOf, EMPTY_BLOCK, ICY_INTERVAL } from './icy-block.ts'

/** The parts of a stream that this sink reads. */
interface TitledStream {
  readonly ring: RingView
  readonly titles: Titles
}

const NOTHING = Buffer.alloc(0)
const NO_TITLE: Title = { from: 0, text: '' }

/**
 * A listener that requested titles: a block of metadata follows each 16,000 bytes of its body, whatever they are (header,
 * lead-in, frames). It has the title of the frame that the byte before it belongs to, unless the listener already has it.
 *
 *      frames of a write      [  f  ][  f  ][  f  ][  f  ]          cursor of the listener: behind the last of them
 *      pieces on the socket   [----------](M)[-----------]          views of the same memory, in one call of the system
 */
export class IcySink extends HttpSink {
  #stream: TitledStream
  readonly #blockOf: BlockOf
  /** Bytes of the body until the next block. */
  #untilBlock = ICY_INTERVAL
  /** Title at the last block, whether that block repeated it or was empty. */
  #shown: Title | undefined
  /** Frames of the current write. */
  #frames: Buffer = NOTHING

  constructor(socket: Socket, options: HttpSinkOptions, stream: TitledStream, blockOf: BlockOf) {
    super(socket, options)
    this.#stream = stream
    this.#blockOf = blockOf
  }

  override write(bytes: Buffer, before: Buffer): boolean {
    this.#frames = bytes
    const taken = super.write(bytes, before)
    // A reference to these frames would keep their memory.
    this.#frames = NOTHING
    return taken
  }

  override follow(stream: TitledStream): void {
    this.#stream = stream
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
      // A lead-in belongs to the frame that it precedes.
      const behind = bytes === this.#frames ? bytes.length - end : this.#frames.length - 1
      super.writePart(this.#nextBlock(behind))
      this.#untilBlock = ICY_INTERVAL
      at = end
    }
    this.#untilBlock -= bytes.length - at
    super.writePart(bytes.subarray(at))
  }

  /** @param behind bytes of the current write that follow the block. */
  #nextBlock(behind: number): Buffer {
    if (this.owner === undefined) return EMPTY_BLOCK
    const { titles } = this.#stream
    const newest = this.owner.cursor - 1
    // Nearly always the title is the same up to the last of these frames, and no search is needed.
    if (titles.at(newest) === this.#shown) return EMPTY_BLOCK
    const title = titles.at(this.#frameBefore(newest, behind)) ?? NO_TITLE
    const isNews = title.text !== (this.#shown?.text ?? '')
    this.#shown = title === NO_TITLE ? undefined : title
    return isNews ? this.#blockOf(title) : EMPTY_BLOCK
  }

  /** Returns the frame that has the byte before the last `bytes` bytes up to the end of frame `newest`. */
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
