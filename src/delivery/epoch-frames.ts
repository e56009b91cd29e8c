import type { Epoch } from '../stream/epoch.ts'
import type { ServedFrames } from './serving.ts'

/** The frames of an epoch, for listeners that begin within it. */
export class EpochFrames implements ServedFrames {
  readonly ring: ServedFrames['ring']
  readonly counters: ServedFrames['counters']
  readonly header: Buffer
  readonly numbering: ServedFrames['numbering']
  readonly #stream: ServedFrames
  readonly #epoch: Epoch

  constructor(stream: ServedFrames, epoch: Epoch) {
    this.ring = stream.ring
    this.counters = stream.counters
    this.header = epoch.header
    this.numbering = epoch.format.numbering
    this.#stream = stream
    this.#epoch = epoch
  }

  get isFinished(): boolean {
    return this.#stream.isFinished
  }

  preamble(at: number, joining: boolean, missedFrom: number): Buffer | null {
    return this.#epoch.preamble(at, this.ring, joining, missedFrom)
  }
}
