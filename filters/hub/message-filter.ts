import type { Emit, EpochMark, FilterOptions, Frame, FrameFilter, RingView } from '../frame-filter.ts'
import type { NumberedFormat } from '../numbering.ts'
import type { PcmFormat } from '../pcm-format.ts'
import { FILTERS } from '../table.ts'
import type { HubFrame, HubKey, HubMessage } from './message.ts'
import { MessageReader } from './message-reader.ts'

const NOTHING = Buffer.alloc(0)
/** Of frames that only the filter of the origin knows. */
const ANY_BYTES = 'raw'

/**
 * Frames of consecutive messages of the hub. The filter of their format checks them one by one, and makes of them what a listener
 * needs to begin at each:
 *
 * ```
 *   message 1, with a key          message 2
 *   [preamble][f 17][f 18]         [f 19][f 20] ...
 *    '-- [e][e]                          e: extra frames that the filter makes of it, number 15 and 16
 * ```
 *
 * Durations and titles are those of the messages, because the filter has not seen the frames before. A filter that does not find
 * the same frames ends the opening.
 */
export class MessageFilter implements FrameFilter {
  refusal: string | undefined
  mark: EpochMark | undefined
  readonly #options: FilterOptions
  readonly #reader = new MessageReader()
  /** The filter of the format; undefined: any bytes are frames. */
  #filter: FrameFilter | undefined
  #key: HubKey | undefined
  /** Epoch of the messages, and number of the next frame at the origin. */
  #epoch = ''
  #next = 0
  /** Frames of messages that the filter has not emitted yet. */
  #due: HubFrame[] = []
  /** What the filter has emitted and is not passed on yet. */
  #found: Frame[] = []
  /** Title of the next frame, unless it has one. */
  #title: string | undefined
  #droppedBytes = 0
  #complaint: string | undefined
  readonly #find: Emit = (frame) => void this.#found.push(frame)

  constructor(options: FilterOptions) {
    this.#options = options
  }

  get contentType(): string | undefined {
    return this.#key?.contentType
  }

  get format(): string | undefined {
    const { contentType, format } = this.#key ?? {}
    return this.#filter?.format ?? (format === contentType ? undefined : format)
  }

  get description(): string | undefined {
    return this.#filter?.description
  }

  get samples(): PcmFormat | undefined {
    return this.#filter?.samples
  }

  get numbering(): NumberedFormat | undefined {
    return this.#filter?.numbering
  }

  get skippedBytes(): number {
    return this.#droppedBytes + (this.#filter?.skippedBytes ?? 0)
  }

  get complaint(): string | undefined {
    return this.#complaint ?? this.#filter?.complaint
  }

  push(chunk: Buffer, emit: Emit): void {
    if (this.refusal !== undefined) this.#droppedBytes += chunk.length
    else this.#reader.push(chunk)
    while (this.refusal === undefined) {
      const message = this.#reader.next()
      if (message === undefined) break
      this.#take(message, emit)
    }
    this.refusal ??= this.#reader.fault
  }

  end(emit: Emit): void {
    this.#droppedBytes += this.#reader.restBytes
    if (this.refusal !== undefined) return
    this.#filter?.end(this.#find)
    this.#passOn(emit)
  }

  preamble(at: number, ring: RingView, joining: boolean, missedFrom?: number): Buffer | null {
    return this.#filter?.preamble === undefined ? NOTHING : this.#filter.preamble(at, ring, joining, missedFrom)
  }

  silence(last: Frame): Frame | undefined {
    return this.#filter?.silence?.(last)
  }

  #take(message: HubMessage, emit: Emit): void {
    const { epoch, seq, frames, key } = message
    if (this.#key === undefined) {
      if (key === undefined || key.preamble === null) return this.#refuse('the first message has no key')
      if (!this.#begin(key, key.preamble)) return
    } else if (epoch !== this.#epoch || seq !== this.#next) return this.#drop(message)
    this.#epoch = epoch
    this.#next = seq + frames.length
    for (const frame of frames) this.#frame(frame, message, emit)
  }

  /** @returns false when no filter here knows the frames */
  #begin(key: HubKey, preamble: Buffer): boolean {
    const create = FILTERS.get(key.filter)
    if (create === undefined || key.filter === 'auto') this.#refuse(`no filter "${key.filter}" is known here`)
    else if (key.filter !== ANY_BYTES) this.#filter = create({ ...this.#options, frameBytes: undefined, isCut: true })
    this.#key = key
    this.#title = key.title
    if (preamble.length > 0) this.#cut(preamble)
    return this.refusal === undefined
  }

  /** Messages that come twice do no harm; behind a gap there must be a new opening. */
  #drop({ epoch, seq, frames }: HubMessage): void {
    const what = `frame ${seq} of epoch ${epoch} does not follow frame ${this.#next - 1} of epoch ${this.#epoch}`
    for (const { bytes } of frames) this.#droppedBytes += bytes.length
    this.#complaint = what
    if (epoch !== this.#epoch || seq + frames.length > this.#next) this.#refuse(what)
  }

  #frame(frame: HubFrame, message: HubMessage, emit: Emit): void {
    if (this.refusal !== undefined) return
    this.#due.push(frame)
    this.#cut(frame.bytes)
    if (this.mark === undefined) this.#passOnExtra(message, emit)
    this.#passOn(emit)
    const isLate = this.#due.length > 0 && this.#filter?.flush !== undefined
    if (isLate || (this.#filter?.skippedBytes ?? 0) > 0) this.#disagree()
  }

  #cut(bytes: Buffer): void {
    if (this.#filter === undefined) this.#found.push({ bytes, durationUs: 0 })
    else this.#filter.push(bytes, this.#find)
    this.#filter?.flush?.(this.#find)
  }

  /** All frames but the last are extra ones, once the first frame of the messages is found behind a preamble. */
  #passOnExtra({ epoch, epochBeganAt, seq, us }: HubMessage, emit: Emit): void {
    const { preamble, header = NOTHING, row } = this.#key ?? {}
    const extra = preamble?.length === 0 ? [] : this.#found.splice(0, this.#found.length - 1)
    const extraUs = extra.reduce((sum, { durationUs }) => sum + durationUs, 0)
    this.mark = {
      id: epoch,
      seq: seq - extra.length,
      extra: extra.length,
      us: us - extraUs,
      beganAt: epochBeganAt,
      header,
      row,
    }
    for (const frame of extra) this.#emit(frame, frame.durationUs, undefined, emit)
  }

  #passOn(emit: Emit): void {
    const found = this.#found.splice(0)
    if (found.length > this.#due.length || found.some(({ isOtherFormat }) => isOtherFormat)) return this.#disagree()
    for (const [i, { durationUs, title }] of this.#due.splice(0, found.length).entries()) {
      const frame = found[i]
      if (frame !== undefined) this.#emit(frame, durationUs, title, emit)
    }
  }

  #emit(frame: Frame, durationUs: number, title: string | undefined, emit: Emit): void {
    const news = title ?? this.#title
    this.#title = undefined
    if (frame.durationUs === durationUs && frame.title === news) return emit(frame)
    const { title: _own, ...bare } = frame
    emit(news === undefined ? { ...bare, durationUs } : { ...bare, durationUs, title: news })
  }

  #disagree(): void {
    const { filter = '' } = this.#key ?? {}
    this.#refuse(`the filter ${filter} does not find the same frames as the origin`)
  }

  #refuse(why: string): void {
    this.refusal ??= `hub: ${why}`
  }
}
