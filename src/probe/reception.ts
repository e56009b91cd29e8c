import { createAuto } from '../../filters/auto/auto.ts'
import type { Frame, FrameFilter } from '../../filters/frame-filter.ts'
import { isRawType } from '../stream/format-guard.ts'
import { Continuity, hasSound } from './continuity.ts'
import { FirstBytes } from './first-bytes.ts'
import { firstFrameDuration } from './first-page.ts'
import { PlaybackBuffer } from './playback-buffer.ts'
import { SoundLevel } from './sound-level.ts'
import { WriteDelays } from './write-delays.ts'

/** Maximum number of titles that are kept. */
const MAX_TITLES = 50

/** Size of the pieces in which a filter gets the bytes until it knows the format, in bytes: less than a frame. */
const PIECE_BYTES = 128

/** A title, and when it arrived, in milliseconds. */
export interface TitleNews {
  readonly atMs: number
  readonly title: string
}

/** What a listener has received. All times are in milliseconds from the beginning of the probe. */
export class Reception {
  /** Finds frames; they are not changed, so that faults remain visible. */
  readonly filter: FrameFilter = createAuto({
    frameBytes: undefined,
    blockBytes: 1,
    byteUs: 0,
    keepTail: false,
    silentByte: 0,
    splice: false,
  })
  readonly continuity = new Continuity()
  readonly delays = new WriteDelays()
  readonly level = new SoundLevel()
  readonly titles: TitleNews[] = []
  /** Undefined until the first frame whose duration is known, which is nearly always the first one. */
  buffer: PlaybackBuffer | undefined
  /** When the first whole frame with sound arrived. */
  firstFrameMs: number | undefined
  bytes = 0
  /** Frames with sound, and their bytes where their duration is known. */
  frames = 0
  timedBytes = 0
  /** Bytes before the first frame, which no decoder can use. */
  bytesBeforeFrames = 0
  /** Number of places behind the first frame where bytes were skipped because no frame could start there, and these bytes. */
  brokenPlaces = 0
  brokenBytes = 0
  /** The format has changed, to this one. */
  otherFormat: string | undefined
  #format: string | undefined
  #at = 0
  #skippedBytes = 0
  readonly #first = new FirstBytes()
  readonly #take = (frame: Frame): void => this.#frame(frame)

  /** Bytes have arrived. @param title that is valid from these bytes on */
  take(chunk: Buffer, at: number, title: string | undefined): void {
    this.#at = at
    this.bytes += chunk.length
    this.delays.add(at)
    this.#addTitle(title)
    if (this.firstFrameMs === undefined) this.#first.add(chunk, at)
    for (const piece of this.#pieces(chunk)) this.filter.push(piece, this.#take)
  }

  /** No more bytes arrive up to this time. @param hasEnded the server has ended the stream */
  end(at: number, hasEnded: boolean): void {
    // The frame that is not complete yet is no fault, but a short stream may have no others.
    if (this.frames === 0) this.filter.end(this.#take)
    else this.#findBroken()
    this.delays.end(at)
    if (!hasEnded) this.buffer?.end(at)
  }

  /** Whether frames of a known format have arrived. */
  get hasSound(): boolean {
    return this.frames > 0 && !isRawType(this.filter.contentType)
  }

  /** Until the format is known, the filter holds frames back, and what it has skipped cannot be told from what it skips later. */
  *#pieces(chunk: Buffer): Generator<Buffer> {
    let at = 0
    for (; at < chunk.length && this.filter.contentType === undefined; at += PIECE_BYTES) {
      yield chunk.subarray(at, at + PIECE_BYTES)
    }
    if (at < chunk.length) yield chunk.subarray(at)
  }

  #frame(frame: Frame): void {
    if (frame.title !== undefined) this.#addTitle(frame.title)
    if (!hasSound(frame)) return
    const isFirst = this.frames === 0
    const isAfterBreak = !isFirst && this.#findBroken()
    if (isFirst) this.#begin(frame)
    this.frames++
    this.continuity.add(frame, this.filter.contentType === 'audio/mpeg', isAfterBreak)
    if (frame.isOtherFormat === true || this.filter.format !== this.#format) this.otherFormat ??= this.filter.format
    const { samples } = this.filter
    if (samples !== undefined) this.level.add(frame.bytes, samples)
    this.#time(frame, isFirst ? firstFrameDuration(frame) : frame.durationUs / 1000)
  }

  #begin(frame: Frame): void {
    this.#format = this.filter.format
    this.#skippedBytes = this.bytesBeforeFrames = this.filter.skippedBytes
    this.firstFrameMs = this.#first.arrivalOf(frame.bytes) ?? this.#at
  }

  #time(frame: Frame, ms: number): void {
    if (ms === 0) return
    this.timedBytes += frame.bytes.length
    this.buffer ??= new PlaybackBuffer(this.frames === 1 ? (this.firstFrameMs ?? this.#at) : this.#at)
    this.buffer.add(this.#at, ms)
  }

  /** Counts bytes that were skipped since the last frame. @returns whether there are any */
  #findBroken(): boolean {
    const { skippedBytes } = this.filter
    if (skippedBytes <= this.#skippedBytes) return false
    this.brokenBytes += skippedBytes - this.#skippedBytes
    this.brokenPlaces++
    this.#skippedBytes = skippedBytes
    return true
  }

  #addTitle(title: string | undefined): void {
    if (title === undefined || title === '' || title === this.titles.at(-1)?.title) return
    if (this.titles.length < MAX_TITLES) this.titles.push({ atMs: this.#at, title })
  }
}
