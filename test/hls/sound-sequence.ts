import type { ListedSegment } from './parse-playlist.ts'
import type { SegmentSound } from './segment-sound.ts'

/** Difference of PROGRAM-DATE-TIME and EXTINF that is not noticed, in seconds. */
const DATE_TOLERANCE = 0.05
/** Rounding of EXTINF and of timestamps, in seconds. */
const ROUNDING = 0.002

interface Last {
  readonly listed: ListedSegment
  readonly sound: SegmentSound
}

/** Checks that the sound of consecutive segments is what the playlist says, and has no gap but at discontinuities. */
export class SoundSequence {
  /** Duration of all sound, in seconds. */
  seconds = 0
  readonly #faults: string[]
  #last: Last | undefined
  /** Sum of EXTINF less the sum of the sound since the last discontinuity, in seconds. */
  #ahead = 0

  /** @param faults receives the rules that are broken */
  constructor(faults: string[]) {
    this.#faults = faults
  }

  /** Adds the next segment. */
  add(listed: ListedSegment, sound: SegmentSound): void {
    this.seconds += sound.duration
    const last = this.#last
    this.#last = { listed, sound }
    const isNext = last !== undefined && listed.sequence === last.listed.sequence + 1
    if (listed.isDiscontinuity || !isNext) this.#ahead = 0
    this.#duration(listed, sound)
    if (!isNext) return
    this.#date(last.listed, listed)
    if (!listed.isDiscontinuity) this.#continues(last, { listed, sound })
  }

  #duration({ uri, duration }: ListedSegment, sound: SegmentSound): void {
    this.#ahead += duration - sound.duration
    const isWrong = Math.abs(duration - sound.duration) > ROUNDING
    if (isWrong) this.#faults.push(`${uri} has ${sound.duration} s of sound; EXTINF is ${duration}`)
    else if (Math.abs(this.#ahead) > sound.frame)
      this.#faults.push(`${uri}: EXTINF is ahead by ${this.#ahead} s in all`)
  }

  #date(before: ListedSegment, { uri, programTime, isDiscontinuity }: ListedSegment): void {
    if (before.programTime === undefined || programTime === undefined) return
    const late = (programTime - before.programTime) / 1000 - before.duration
    if (late < -DATE_TOLERANCE || (late > DATE_TOLERANCE && !isDiscontinuity)) {
      this.#faults.push(`PROGRAM-DATE-TIME of ${uri} is ${late} s behind the end of the segment before`)
    }
  }

  #continues(before: Last, { listed: { uri, map }, sound }: Last): void {
    const { format, start, turn, order } = before.sound
    if (map !== before.listed.map) this.#faults.push(`${uri} has another EXT-X-MAP without a discontinuity`)
    if (sound.format !== format) {
      this.#faults.push(`${uri} has another format without a discontinuity`)
      return
    }
    const difference = sound.start - start
    const passed = difference < -turn / 2 ? difference + turn : difference
    if (Math.abs(passed - before.listed.duration) > sound.frame) {
      this.#faults.push(`${uri} begins ${passed} s behind the segment before, which has ${before.listed.duration} s`)
    }
    if (order !== undefined && (sound.order ?? 0) <= order) {
      this.#faults.push(`the fragment number of ${uri} is ${sound.order}, behind ${order}`)
    }
  }
}
