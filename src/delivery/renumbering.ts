import { type Numbering, shiftAfterSkip, shiftOfJoiner } from '../../filters/numbering.ts'
import { numberingOf } from '../../filters/numberings.ts'
import type { Batch } from '../ring/batch.ts'
import type { ServedStream } from '../stream/served-stream.ts'
import type { Listener } from './listener.ts'

/**
 * Maximum number of shared copies of a batch. More would need memory at once, and listeners skip at different moments anyway.
 */
const MAX_COPIES = 32

/** The parts of a stream that are used here. */
type NumberedFrames = Pick<ServedStream, 'ring' | 'numbering'>

/**
 * Renumbers frames for each listener. A decoder must not see a gap, so after a skip a listener receives copies of the frames
 * whose numbers are lowered by the sum of what it missed:
 *
 *      ring       40 41 42 43 44 45 46 47 48      the numbers of the frames
 *      listener   40 41 ( skip ) 42 43 44 45      shift 3, shared with all listeners that have the same shift
 *
 * Shift 0 uses the frames of the ring themselves.
 */
export class Renumbering {
  readonly #stream: NumberedFrames
  /** Copies by shift, dropped with their batch. */
  readonly #copies = new WeakMap<Batch, Map<number, Buffer>>()

  constructor(stream: NumberedFrames) {
    this.#stream = stream
  }

  /** How the stream's frames are numbered; undefined: they have no numbers. */
  get numbering(): Numbering | undefined {
    return numberingOf(this.#stream.numbering)
  }

  /** Sets the number of the first frame that a listener receives after it has joined or skipped. */
  begin(listener: Listener, joins: boolean): void {
    const { numbering } = this
    const first = this.#stream.ring.at(listener.cursor)?.bytes
    if (numbering === undefined || first === undefined) return
    const number = numbering.of(first)
    listener.numberShift = joins
      ? shiftOfJoiner(numbering, number)
      : shiftAfterSkip(numbering, listener.numberShift, listener.nextNumber, number)
  }

  /** Hot path. @returns the bytes of a batch with numbers lowered by `shift`. */
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
