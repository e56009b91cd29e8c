import { ByteQueue } from '../bytes/byte-queue.ts'
import type { Emit, FilterOptions, Frame } from '../frame-filter.ts'
import { SyncFilter } from '../sync/sync-filter.ts'
import type { Syntax } from '../sync/syntax.ts'
import {
  ADTS_HEADER_BYTES,
  ADTS_MAX_FRAME_BYTES,
  adtsDurationUs,
  adtsFormat,
  adtsFrameBytes,
  adtsKind,
} from './adts-header.ts'
import { holdsLoas, LOAS_REFUSAL } from './loas.ts'
import { silentAdtsFrame } from './silence.ts'

const ADTS: Syntax = {
  name: 'AAC in ADTS',
  headerBytes: ADTS_HEADER_BYTES,
  maxFrameBytes: ADTS_MAX_FRAME_BYTES,
  frameBytes: adtsFrameBytes,
  kind: adtsKind,
  durationUs: adtsDurationUs,
  format: adtsFormat,
  isSound: () => true,
}

/** Number of bytes without a frame after which the stream is checked for AAC in LOAS. */
const LOOK_BYTES = 8 * 1024

/** Filter for AAC in ADTS, whose frames do not depend on one another. AAC in LOAS is refused. */
class AdtsFilter extends SyncFilter {
  refusal: string | undefined
  /** The first bytes of the stream; undefined once they were checked or a frame was found. */
  #first: ByteQueue | undefined = new ByteQueue()
  #refusedBytes = 0

  constructor(options: FilterOptions) {
    super(ADTS, 'audio/aac', options)
  }

  override get skippedBytes(): number {
    return super.skippedBytes + this.#refusedBytes
  }

  override push(chunk: Buffer, emit: Emit): void {
    this.#first?.append(chunk.subarray(0, LOOK_BYTES - this.#first.length))
    super.push(chunk, emit)
    if (this.scanner.position >= LOOK_BYTES) this.#judge()
  }

  override end(emit: Emit): void {
    super.end(emit)
    this.#judge()
  }

  silence(last: Frame): Frame | undefined {
    return silentAdtsFrame(last.bytes)
  }

  protected override pass(frame: Frame, emit: Emit): void {
    this.#judge()
    if (this.refusal === undefined) emit(frame)
    else this.#refusedBytes += frame.bytes.length
  }

  /** Checks the first bytes for LOAS, once it is known whether an ADTS frame begins in them. */
  #judge(): void {
    const first = this.#first
    if (first === undefined) return
    this.#first = undefined
    const { lockedAt } = this.scanner
    const isAdts = lockedAt !== undefined && lockedAt < LOOK_BYTES
    if (!isAdts && holdsLoas(first.take(first.length))) this.refusal = LOAS_REFUSAL
  }
}

/** Creates the filter `aac-adts` (ISO 13818-7, ISO 14496-3). */
export function createAacAdts(options: FilterOptions): SyncFilter {
  return new AdtsFilter(options)
}
