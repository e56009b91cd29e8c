import { mainDataAt, mainDataBegin, mainDataBytes, maxMainDataBegin } from './layer-3.ts'

/** Frames in a row that show that an encoder leaves nothing between the main data of two frames, and the most that are counted. */
const EXACT_FRAMES = 8
const MAX_EXACT_FRAMES = 16
/** One frame that does not fit takes away the evidence of so many. */
const INEXACT_COST = 4

/**
 * How a frame goes with those before it: it fits; it does not, because frames are missing between; or the next frame must
 * show whether its own side information is broken.
 */
type MainDataLink = 'fits' | 'breaks' | 'doubtful'

/**
 * Follows where the main data of frames of Layer III begin and end. A frame that begins before the end of the one before it shows
 * that frames are missing between the two, or that the side information of one of them is broken:
 *
 * ```
 *   areas       |----1----|----2----|----3----|----4----|
 *   main data   =1==,==2====,=====3====,==4====            each begins where the last one ends
 *   missing 2   =1==,  ,=====3====,==4===                  3 begins too early, and 4 goes on exactly where 3 ends
 *   broken 2    =1==,==2?================?  ,===3===       nothing goes with 2, but 3 goes with 1
 * ```
 *
 * Most encoders leave no byte between the main data of two frames. Only where that is so, a broken side information is
 * told from missing frames; elsewhere frames are taken to be missing.
 */
export class MainDataChain {
  /** Bytes between the end of the last frame's main data and the end of its area: the next frame may begin there. */
  #room = 0
  /** The same, at most, if the side information of the last frame is broken. */
  #roomWithoutLast = 0
  /** The last frame does not go on where the one before it ends, or cannot be what it claims. */
  #isSuspect = false
  #exactFrames = 0

  /** Takes the next frame. */
  add(frame: Buffer): MainDataLink {
    const begin = mainDataBegin(frame)
    const areaBytes = frame.length - mainDataAt(frame)
    const left = areaBytes + begin - mainDataBytes(frame)
    const isImpossible = left < 0
    const link = this.#link(begin, isImpossible)
    const before = this.#isSuspect ? this.#roomWithoutLast : this.#room
    const isExact = begin === this.#room
    this.#isSuspect = isImpossible || (!isExact && this.#isEncoderExact)
    this.#roomWithoutLast = Math.min(maxMainDataBegin(frame), Math.max(0, before) + areaBytes)
    this.#room = isImpossible ? this.#roomWithoutLast : left
    this.#count(isExact)
    return link
  }

  /** Whether `next`, which follows the last frame, shows that the side information of the last frame is broken. */
  clears(next: Buffer): boolean {
    const begin = mainDataBegin(next)
    return begin !== this.#room && begin <= this.#roomWithoutLast
  }

  /** The side information of the last frame is broken. */
  distrustLast(): void {
    this.#room = this.#roomWithoutLast
  }

  get #isEncoderExact(): boolean {
    return this.#exactFrames >= EXACT_FRAMES
  }

  #link(begin: number, isImpossible: boolean): MainDataLink {
    if (begin <= this.#room) return 'fits'
    const lastIsBroken = this.#isSuspect && begin <= this.#roomWithoutLast
    if (lastIsBroken || isImpossible) return 'fits'
    return this.#isEncoderExact ? 'doubtful' : 'breaks'
  }

  #count(isExact: boolean): void {
    this.#exactFrames = isExact
      ? Math.min(this.#exactFrames + 1, MAX_EXACT_FRAMES)
      : Math.max(this.#exactFrames - INEXACT_COST, 0)
  }
}
