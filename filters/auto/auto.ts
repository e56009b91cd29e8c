import { holdsLoas, LOAS_REFUSAL } from '../aac/loas.ts'
import { ByteQueue } from '../bytes/byte-queue.ts'
import { ChosenFilter } from '../chosen-filter.ts'
import type { CreateFilter, Emit, FilterOptions, FrameFilter } from '../frame-filter.ts'
import { createRaw } from '../raw.ts'
import { type Candidate, createCandidates, mayLock, reach } from './candidate.ts'
import { HEAD_BYTES, headedFormat } from './headed-formats.ts'
import { hiddenRefusal } from './hidden-formats.ts'
import { createRefused } from './refusal.ts'

/** Bytes within which a known format must begin, without leading tags and zeros; a start in the middle of a frame is well within. */
const DECIDE_BYTES = 8 * 1024
/** Maximum number of leading zeros that are ignored, in bytes: they are padding before a format, or silence in raw samples. */
const MAX_ZERO_BYTES = 256 * 1024

/**
 * Detects the format by the first bytes and becomes `wav`, `ogg`, `flac`, `mp3`, `aac-adts` or `raw`. Formats that listeners
 * cannot join, such as LOAS, are refused by name. All candidates get all bytes; the one that locks at the earliest position is
 * chosen, with the frames it has found. Two frames decide whether a candidate locks at a position, so at most about 24 KiB are
 * queued, besides zeros before them.
 *
 * Tags at the start are skipped at once, whatever their size, and are not part of the stream: they are from a file, and raw
 * listeners cannot use them. A stream of tags only has no frames.
 */
class AutoFilter extends ChosenFilter {
  readonly #options: FilterOptions
  /** Bytes that a raw stream would begin with. */
  readonly #held = new ByteQueue()
  #candidates: readonly Candidate[]
  #remark: string | undefined

  constructor(options: FilterOptions) {
    super()
    this.#options = options
    this.#candidates = createCandidates(options)
  }

  override get description(): string | undefined {
    return super.description ?? this.#remark
  }

  push(chunk: Buffer, emit: Emit): void {
    if (this.chosen) {
      this.chosen.push(chunk, emit)
      return
    }
    this.#held.append(chunk)
    for (const { filter, frames } of this.#candidates) filter.push(chunk, (frame) => frames.push(frame))
    this.#decide(emit)
  }

  end(emit: Emit): void {
    if (!this.chosen) {
      for (const { filter, frames } of this.#candidates) filter.end((frame) => frames.push(frame))
      this.#decide(emit)
    }
    if (!this.chosen) this.#becomeRaw(emit)
    this.chosen?.end(emit)
  }

  settle(emit: Emit): void {
    if (this.chosen || this.#held.length === 0) return
    const locked = this.#candidates.find(({ filter }) => filter.scanner.lockedAt !== undefined)
    if (locked) this.#become(locked, emit)
    else if (!this.#candidates.some(mayLock)) this.#becomeRaw(emit)
  }

  /** The first position at which a format was found, or may still be found, decides; so chunks make no difference. */
  #decide(emit: Emit): void {
    const tagBytes = Math.max(...this.#candidates.map(({ filter }) => filter.scanner.leadingTagBytes))
    const leadingBytes = Math.max(...this.#candidates.map(({ filter }) => filter.scanner.leadingBytes))
    this.#held.drop(tagBytes - this.#held.taken)
    const headed = this.#headedFormat()
    if (headed !== undefined) {
      this.#replayInto(headed(this.#options), emit)
      return
    }
    const first = this.#candidates.reduce((a, b) => (reach(b) < reach(a) ? b : a))
    if (reach(first) >= Math.min(leadingBytes, tagBytes + MAX_ZERO_BYTES) + DECIDE_BYTES) this.#becomeRaw(emit)
    else if (first.filter.scanner.lockedAt !== undefined) this.#become(first, emit)
  }

  #become({ filter, frames }: Candidate, emit: Emit): void {
    this.chosen = filter
    this.#forget()
    for (const frame of frames) emit(frame)
  }

  #becomeRaw(emit: Emit): void {
    const tooLarge = this.#candidates.find(({ filter }) => filter.scanner.oversizeBytes > 0)
    if (tooLarge) this.#remark = `raw bytes, because ${tooLarge.filter.complaint}`
    const refusal = this.#rawRefusal()
    this.#replayInto(refusal === undefined ? createRaw(this.#options) : createRefused(refusal), emit)
  }

  /** Why the bytes cannot be sent as raw ones. Examines exactly the first 8 KiB, so that chunks make no difference. */
  #rawRefusal(): string | undefined {
    const bytes = Math.min(this.#held.length, DECIDE_BYTES)
    this.#held.join(bytes)
    const start = this.#held.front.subarray(this.#held.head, this.#held.head + bytes)
    return holdsLoas(start) ? LOAS_REFUSAL : hiddenRefusal(start)
  }

  #replayInto(filter: FrameFilter, emit: Emit): void {
    this.chosen = filter
    const held = this.#held
    while (held.length > 0) filter.push(held.take(held.front.length - held.head), emit)
    this.#forget()
  }

  /** Detects formats by their header; no candidate locks within its few bytes. */
  #headedFormat(): CreateFilter | undefined {
    if (this.#held.length < HEAD_BYTES) return undefined
    const at = this.#held.look(0, HEAD_BYTES)
    return headedFormat(this.#held.found.subarray(at, at + HEAD_BYTES))
  }

  #forget(): void {
    this.#candidates = []
    this.#held.drop(this.#held.length)
  }
}

/** Makes the filter `auto`. */
export const createAuto: CreateFilter = (options) => new AutoFilter(options)
