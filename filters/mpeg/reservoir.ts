import type { Emit, Frame } from '../frame-filter.ts'
import { isLayer3, mainDataAt, mainDataBegin } from './layer-3.ts'
import { MainDataChain } from './main-data-chain.ts'
import { silentFrameEndingIn } from './silence.ts'

const NOTHING = Buffer.alloc(0)

/**
 * Ensures that every Layer III frame that is emitted finds its main data in the frames before it. After a break in the
 * stream, the first frames may lack main data: no decoder that starts there could decode them, and a decoder of a listener
 * that was already connected would use other main data instead. These frames are withheld and replaced by a silent frame
 * that ends with the main data that the next frame needs from them.
 *
 * ```
 *   in    a a a a | b b b b b b b       the first two b begin before the break
 *   out   a a a a     s b b b b b       s: silence, and main data of the second b
 * ```
 *
 * A break is reported by the scanner, or detected when a frame contradicts the frames before it and broken side information
 * does not explain it (see `MainDataChain`). If only the next frame can decide between the two, the frame waits for it.
 */
export class Reservoir {
  /** Number of bytes of withheld frames. */
  withheldBytes = 0
  readonly #chain = new MainDataChain()
  /** All main data since the last break; undefined once a frame has been emitted after it. */
  #sinceBreak: Buffer | undefined = NOTHING
  /** The frame that waits for the next one. */
  #doubtful: Frame | undefined

  /**
   * @param frame the next frame of MPEG audio.
   * @param breaks whether there is a break before it.
   */
  push(frame: Frame, breaks: boolean, emit: Emit): void {
    if (!isLayer3(frame.bytes)) {
      this.end(emit)
      emit(frame)
      return
    }
    if (this.#doubtful !== undefined) this.#resolve(!breaks && this.#chain.clears(frame.bytes), emit)
    const link = this.#chain.add(frame.bytes)
    if (link === 'doubtful' && !breaks) this.#doubtful = frame
    else this.#pass(frame, breaks || link !== 'fits', emit)
  }

  /** Ends the input: emits or withholds the frame that waits. */
  end(emit: Emit): void {
    if (this.#doubtful !== undefined) this.#resolve(false, emit)
  }

  #resolve(isBroken: boolean, emit: Emit): void {
    const frame = this.#doubtful
    this.#doubtful = undefined
    if (isBroken) this.#chain.distrustLast()
    if (frame !== undefined) this.#pass(frame, !isBroken, emit)
  }

  #pass(frame: Frame, breaks: boolean, emit: Emit): void {
    const { bytes, durationUs } = frame
    const needed = mainDataBegin(bytes)
    if (breaks) this.#sinceBreak = NOTHING
    const behind = this.#sinceBreak
    if (behind !== undefined && needed > behind.length) {
      this.withheldBytes += bytes.length
      this.#sinceBreak = Buffer.concat([behind, bytes.subarray(mainDataAt(bytes))])
      return
    }
    if (behind !== undefined && needed > 0) {
      emit({ bytes: silentFrameEndingIn(bytes, behind.subarray(behind.length - needed)), durationUs })
    }
    this.#sinceBreak = undefined
    emit(frame)
  }
}
