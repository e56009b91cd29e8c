import { mainDataAt, mainDataBegin, mainDataBytes, maxMainDataBegin } from './layer-3.ts'

/**
 * Number of consecutive frames that show that an encoder leaves no gap between the main data of two frames, and the maximum
 * that is counted.
 */
const EXACT_FRAMES = 8
const MAX_EXACT_FRAMES = 16
/** Number by which one inexact frame lowers the count of exact frames. */
const INEXACT_COST = 4

/**
 * How a frame relates to the frames before it: it fits; it does not fit, because frames are missing in between; or only the
 * next frame can show whether the frame's own side information is broken.
 */
type MainDataLink = 'fits' | 'breaks' | 'doubtful'

/**
 * Tracks where the main data of Layer III frames begin and end. If the main data of a frame begin before the end of those
 * of the frame before it, either frames are missing between the two, or the side information of one of them is broken:
 *
 * ```
 *   areas       |----1----|----2----|----3----|----4----|
 *   main data   =1==,==2====,=====3====,==4====            each begins where the last one ends
 *   missing 2   =1==,  ,=====3====,==4===                  3 begins too early, and 4 goes on exactly where 3 ends
 *   broken 2    =1==,==2?================?  ,===3===       nothing goes with 2, but 3 goes with 1
 * ```
 *
 * Most encoders leave no gap between the main data of two frames. Only in such streams can broken side information be
 * distinguished from missing frames; in all other streams frames are assumed to be missing.
 */
export class MainDataChain {
  /** Bytes from the end of the last frame's main data to the end of its area, where the next frame's main data may begin. */
  #room = 0
  /** Maximum of `#room` if the side information of the last frame is broken. */
  #roomWithoutLast = 0
  /**
   * The main data of the last frame do not begin where those of the frame before it end, or its side information is
   * impossible.
   */
  #isSuspect = false
  #exactFrames = 0

  /** Adds the next frame. */
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

  /** Returns whether `next`, which follows the last frame, shows that the side information of the last frame is broken. */
  clears(next: Buffer): boolean {
    const begin = mainDataBegin(next)
    return begin !== this.#room && begin <= this.#roomWithoutLast
  }

  /** Treats the side information of the last frame as broken. */
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
