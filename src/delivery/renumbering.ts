import { type Numbering, shiftAfterSkip, shiftOfJoiner } from '../../filters/numbering.ts'
import { numberingOf } from '../../filters/numberings.ts'
import type { Batch } from '../ring/batch.ts'
import type { ServedStream } from '../stream/served-stream.ts'
import type { Listener } from './listener.ts'

/** Copies of one batch that are kept for listeners to share. More need memory at once, and each skips at another moment anyway. */
const MAX_COPIES = 32

/**
 * Numbers of frames as each listener needs them. A decoder must find none missing, so from a skip on a listener gets copies of the
 * frames whose numbers are lower by the sum of what it missed:
 *
 *      ring       40 41 42 43 44 45 46 47 48      the numbers of the frames
 *      listener   40 41 ( skip ) 42 43 44 45      shift 3, shared with all that have the same
 *
 * Shift 0 is the frames of the ring themselves.
 */
export class Renumbering {
  readonly #stream: ServedStream
  /** By shift. They are dropped with their batch. */
  readonly #copies = new WeakMap<Batch, Map<number, Buffer>>()

  constructor(stream: ServedStream) {
    this.#stream = stream
  }

  /** How the frames of the stream are numbered; undefined: they are not. */
  get numbering(): Numbering | undefined {
    return numberingOf(this.#stream.numbering)
  }

  /** Sets how the first frame is numbered that a listener gets after it has joined or skipped. */
  begin(listener: Listener, joins: boolean): void {
    const { numbering } = this
    const first = this.#stream.ring.at(listener.cursor)?.bytes
    if (numbering === undefined || first === undefined) return
    const number = numbering.of(first)
    listener.numberShift = joins
      ? shiftOfJoiner(numbering, number)
      : shiftAfterSkip(numbering, listener.numberShift, listener.nextNumber, number)
  }

  /** Hot path. @returns the bytes of a batch with numbers lower by `shift`. */
  lowered(batch: Batch, shift: number): Buffer {
    const { numbering } = this
    if (numbering === undefined) return batch.bytes
    const copies = this.#copiesOf(batch)
    const known = copies.get(shift)
    if (known !== undefined) return known
    const bytes = numbering.lowered(batch.frames, shift)
    if (copies.size < MAX_COPIES) copies.set(shift, bytes)
    return bytes
  }

  #copiesOf(batch: Batch): Map<number, Buffer> {
    const known = this.#copies.get(batch)
    if (known !== undefined) return known
    const copies = new Map<number, Buffer>()
    this.#copies.set(batch, copies)
    return copies
  }
}
