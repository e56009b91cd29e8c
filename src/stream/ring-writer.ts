import type { Frame } from '../../filters/frame-filter.ts'
import type { NumberedFormat } from '../../filters/numbering.ts'
import type { PcmFormat } from '../../filters/pcm-format.ts'
import type { Ring } from '../ring/ring.ts'
import type { Clock } from '../system/clock.ts'
import { Epoch } from './epoch.ts'
import { markEpoch } from './epoch-mark.ts'
import { Epochs } from './epochs.ts'
import type { RingEnd } from './feeder.ts'
import { formatName, isOggType, isRaw, isRawType } from './format-guard.ts'
import type { FrameOutput } from './frame-output.ts'
import type { OpeningSession } from './opening-session.ts'
import { Timeline } from './timeline.ts'

const NOTHING = Buffer.alloc(0)
const NO_FRAME: Frame = { bytes: NOTHING, durationUs: 0 }

/** Options of the frames of a stream. */
interface WriterOptions {
  /** The media type to announce; undefined: the filter's. */
  readonly contentType: string | undefined
  /** Other servers get the frames, and are to have the same positions and numbers. */
  readonly marksEpochs?: boolean
}

/** Writes frames into the ring of a stream, and knows the format of the newest. */
export class RingWriter {
  readonly ring: Ring
  /** Bytes that every listener receives first. */
  header: Buffer = NOTHING
  /** Listeners never start before this frame: those before it are of an earlier opening of the source. */
  joinFrom = 0
  contentType: string | undefined
  readonly epochs = new Epochs()
  readonly timeline: Timeline
  /** Media type that the source states, for bytes whose format is not recognised; undefined: none. */
  likelyType: string | undefined
  readonly #output: FrameOutput
  readonly #clock: Clock
  /** The media type for all formats, by the user; undefined: that of the filter. */
  readonly #fixedType: string | undefined
  /** Other servers get the frames. */
  readonly #marksEpochs: boolean
  /** The opening that yielded the newest frame. */
  #playing: OpeningSession | undefined
  /** The last opening. */
  #opening: OpeningSession | undefined

  /** @param likelyType media type before the first frame. */
  constructor(
    output: FrameOutput,
    { contentType: fixedType, marksEpochs = false }: WriterOptions,
    likelyType: string | undefined,
    clock: Clock,
  ) {
    this.ring = output.ring
    this.timeline = new Timeline(output.ring)
    this.#clock = clock
    this.#output = output
    this.#fixedType = fixedType
    this.#marksEpochs = marksEpochs
    this.contentType = fixedType ?? likelyType
  }

  /** An opening of the source has yielded frames. */
  get hasFrames(): boolean {
    return this.#playing !== undefined
  }

  /** Frames are pieces of bytes of an unknown format. */
  get isRaw(): boolean {
    return isRaw(this.#format?.checked.filter)
  }

  /** End of the ring, before the first frame with the filter of the last opening; undefined before that. */
  get end(): RingEnd | undefined {
    const newest = this.ring.at(this.ring.next - 1) ?? NO_FRAME
    return this.#format && { filter: this.#format.checked.filter, newest }
  }

  /** Description of the frames, in one line; undefined until it is known. */
  get format(): string | undefined {
    const filter = this.#playing?.checked.filter
    return filter?.description ?? filter?.format
  }

  /** Format of the newest frames, for comparison; undefined until there is one. */
  get formatName(): string | undefined {
    return this.#playing && formatName(this.#playing.checked.filter)
  }

  /** When false, `preamble` is always empty. */
  get hasPreambles(): boolean {
    return this.#playing?.checked.filter.preamble !== undefined
  }

  /** How frames are numbered; undefined: they have no numbers. */
  get numbering(): NumberedFormat | undefined {
    return this.#playing?.checked.filter.numbering
  }

  /** Format of the samples in the newest frames, from their own header; undefined: they have none, or are not samples. */
  get samples(): PcmFormat | undefined {
    return this.#playing?.checked.filter.samples
  }

  /** Milliseconds until a watcher needs further frames. */
  get pauseMs(): number {
    return this.#output.watchers.pauseMs
  }

  /** Bytes to send before frame `at` to a listener that did not get the frame before; null when it cannot start there. */
  preamble(at: number, joining: boolean, missedFrom: number): Buffer | null {
    return this.#playing === undefined ? NOTHING : this.#playing.checked.preamble(at, this.ring, joining, missedFrom)
  }

  /** Begins an opening, of which all frames from the next one on are. @param isOther its format differs from the one before */
  begin(opening: OpeningSession, isOther: boolean): void {
    this.#playing = opening
    this.#nameType()
    const header = opening.checked.filter.mark?.header ?? opening.header ?? NOTHING
    if (isOther || header.length > 0) this.joinFrom = this.ring.next
    this.header = header
    this.#beginEpoch(opening, isOther)
  }

  /** An opening begins, whose format is that of the stream until there is a frame. */
  opened(opening: OpeningSession): void {
    this.#opening = opening
  }

  write(frame: Frame): void {
    if (frame.isOtherFormat === true) this.#changeFormat()
    if (frame.title !== undefined) this.#output.played(frame.title)
    this.ring.push(frame)
    this.timeline.frameCame(frame.durationUs)
    this.#output.watchers.frameCame(frame.bytes.length)
  }

  chunkEnded(): void {
    this.#nameType()
    this.timeline.chunkEnded(this.#clock.now())
    this.#output.watchers.chunkEnded()
  }

  /** Notifies the watchers that the frames from the next one on have another format. */
  formatChanged(): void {
    this.#output.events.emit({ kind: 'format changed', format: this.format })
    // With -content-type, the user is responsible for the media type of all formats.
    if (this.#fixedType === undefined) this.#output.watchers.formatChanged()
  }

  /** Handles a change of format within an opening, from the next frame on. */
  #changeFormat(): void {
    this.joinFrom = this.ring.next
    // Listeners first receive the end of the old format.
    this.#output.watchers.openingEnded()
    if (this.#playing !== undefined) this.#beginEpoch(this.#playing, true)
    this.formatChanged()
  }

  #beginEpoch({ checked }: OpeningSession, isOther: boolean): void {
    const { ring, timeline, header } = this
    const { newest } = this.epochs
    const followsOn = this.joinFrom < ring.next
    // An epoch without a frame is dropped, but its format lies between the two.
    const isOtherThan = isOther || (newest?.from === ring.next && newest.isOther)
    const start = { from: ring.next, us: timeline.us, isOther: isOtherThan, followsOn, header }
    const parts = { before: newest, ring, isOgg: isOggType(this.contentType), segmentMs: this.#output.segmentMs }
    const own = () => (this.#marksEpochs ? markEpoch(start, { ...parts, now: Date.now() }) : undefined)
    const mark = checked.filter.mark ?? own()
    this.epochs.begin(new Epoch({ ...start, mark }, checked, this.contentType), ring.first)
  }

  get #format(): OpeningSession | undefined {
    return this.#playing ?? this.#opening
  }

  #nameType(): void {
    if (this.#playing === undefined) return
    const own = this.#playing.checked.filter.contentType
    const found = this.#fixedType ?? (isRawType(own) ? (this.likelyType ?? own) : own)
    if (found !== undefined) this.contentType = found
  }
}
