import type { Emit, Frame } from './frame-filter.ts'
import { isLayer3, mainDataAt, mainDataBegin, mainDataBytes } from './layer-3.ts'
import { silentFrameEndingIn } from './silent-mpeg.ts'

const NOTHING = Buffer.alloc(0)

/**
 * Sees to it that every frame of Layer III that goes out finds its main data in the frames before it. After a break in the
 * stream, the first ones may lack theirs: nobody could decode them, and whoever has listened all along would hear other main
 * data in their place. They are withheld, and a silent frame takes their place that ends in what the next one needs of them.
 *
 * ```
 *   in    a a a a | b b b b b b b       the first two b begin before the break
 *   out   a a a a     s b b b b b       s: silence, and main data of the second b
 * ```
 *
 * A break is where the scanner says so, and where a frame begins before the main data of the last one end: between these two
 * something is missing.
 */
export class Reservoir {
  /** Bytes of frames that were withheld. */
  withheldBytes = 0
  /** How far back the main data of the next frame may begin: what the last frame's own left in its area, in bytes. */
  #room = 0
  /** All main data since the last break; undefined when a frame has gone out since. */
  #sinceBreak: Buffer | undefined = NOTHING

  /**
   * @param frame the next frame of MPEG audio.
   * @param breaks whether there is a break before it.
   */
  push(frame: Frame, breaks: boolean, emit: Emit): void {
    const { bytes, durationUs } = frame
    if (!isLayer3(bytes)) {
      emit(frame)
      return
    }
    const needed = mainDataBegin(bytes)
    if (breaks || needed > this.#room) this.#sinceBreak = NOTHING
    this.#room = bytes.length - mainDataAt(bytes) + needed - mainDataBytes(bytes)
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
