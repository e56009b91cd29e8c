import type { SimulatedClock } from './simulated-clock.ts'
import { readFrame } from './simulated-frames.ts'
import { FRAME_MS, type SimulatedStream } from './simulated-origin.ts'

/** An irregularity in the frames of one stream at one edge. */
export interface Incident {
  /**
   * `gap`: no frames arrived, in milliseconds. `lost`: sound that never came, in milliseconds. `twice`: number of frames that had
   * been there before. `joint`: frames that do not follow those before, without a new beginning. `stranger`: frames of another stream.
   */
  readonly kind: 'gap' | 'lost' | 'twice' | 'joint' | 'stranger'
  readonly amount: number
  /** When it began and ended, in milliseconds. */
  readonly from: number
  readonly until: number
  readonly stream: number
}

/** Time between messages that is longer than usual, in milliseconds. */
const NOTABLE_GAP_MS = 150

/** Follows the frames that listeners of one stream receive at one edge. */
export class Continuity {
  readonly #stream: SimulatedStream
  readonly #clock: SimulatedClock
  readonly #report: (incident: Incident) => void
  #origin = 0
  /** Number of the last frame at the source; below 0: none. */
  #last = -1
  #at = 0
  /** Times that the frames began anew. */
  beginnings = 0

  constructor(stream: SimulatedStream, clock: SimulatedClock, report: (incident: Incident) => void) {
    this.#stream = stream
    this.#clock = clock
    this.#report = report
  }

  /** Takes the frames of one call of `ChoiceReceiver.frames`. */
  take(frames: readonly { readonly bytes: Buffer }[], begins: boolean): void {
    const now = this.#clock.now()
    const gap = now - this.#at
    if (this.#last >= 0 && gap > NOTABLE_GAP_MS) this.#add('gap', gap)
    if (begins) this.beginnings++
    let isBeginning = begins
    for (const { bytes } of frames) {
      this.#frame(bytes, isBeginning)
      isBeginning = false
    }
    this.#at = now
  }

  /** Reports the time since the last frames. */
  end(): void {
    const gap = this.#clock.now() - this.#at
    if (gap > NOTABLE_GAP_MS) this.#add('gap', gap)
  }

  #frame(bytes: Buffer, isBeginning: boolean): void {
    const { origin, number } = readFrame(bytes)
    if (bytes.readUInt16BE(0) !== this.#stream.number) this.#add('stranger', 1)
    const isFirst = this.#last < 0
    const isSame = origin === this.#origin
    const missing = number - this.#last - 1
    this.#origin = origin
    // Another encoder's frames of the same time are not the same frames.
    if (!isFirst && isSame && missing < 0) {
      this.#add('twice', 1)
      return
    }
    this.#last = number
    if (isFirst) return
    if (!isBeginning && (!isSame || missing !== 0)) this.#add('joint', 1)
    if (missing > 0) this.#add('lost', missing * FRAME_MS)
  }

  #add(kind: Incident['kind'], amount: number): void {
    this.#report({ kind, amount, from: this.#at, until: this.#clock.now(), stream: this.#stream.number })
  }
}
