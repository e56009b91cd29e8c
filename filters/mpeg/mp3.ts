import type { Emit, FilterOptions, Frame, RingView } from '../frame-filter.ts'
import { SyncFilter } from '../sync/sync-filter.ts'
import type { Syntax } from '../sync/syntax.ts'
import { mpegFormat } from './format.ts'
import { MPEG_HEADER_BYTES, MPEG_MAX_FRAME_BYTES, mpegDurationUs, mpegFrameBytes, mpegKind } from './header.ts'
import { isInfoFrame } from './info-frame.ts'
import { leadIn } from './lead-in.ts'
import { Reservoir } from './reservoir.ts'
import { silentMpegFrame } from './silence.ts'

const MPEG_AUDIO: Syntax = {
  name: 'MPEG audio',
  headerBytes: MPEG_HEADER_BYTES,
  maxFrameBytes: MPEG_MAX_FRAME_BYTES,
  frameBytes: mpegFrameBytes,
  kind: mpegKind,
  durationUs: mpegDurationUs,
  format: mpegFormat,
  isSound: (frame) => !isInfoFrame(frame),
}

const NOTHING = Buffer.alloc(0)

/**
 * Filter for MPEG audio. Layer III frames keep sound in earlier frames; where that is missing it is replaced, so that
 * listeners can start at any frame.
 */
class Mp3Filter extends SyncFilter {
  /** Undefined if frames are emitted unchanged. */
  readonly #reservoir: Reservoir | undefined
  readonly #hasLeadIns: boolean
  #beginnings = 0

  constructor(options: FilterOptions) {
    super(MPEG_AUDIO, 'audio/mpeg', options)
    this.#hasLeadIns = options.splice
    this.#reservoir = options.splice && options.isCut !== true ? new Reservoir() : undefined
  }

  override get skippedBytes(): number {
    return super.skippedBytes + (this.#reservoir?.withheldBytes ?? 0)
  }

  override end(emit: Emit): void {
    super.end(emit)
    this.#reservoir?.end(emit)
  }

  preamble(at: number, ring: RingView): Buffer | null {
    return this.#hasLeadIns ? leadIn(at, ring) : NOTHING
  }

  silence(last: Frame): Frame | undefined {
    return silentMpegFrame(last.bytes)
  }

  protected override pass(frame: Frame, emit: Emit): void {
    if (this.#reservoir === undefined) {
      emit(frame)
      return
    }
    const { beginnings } = this.scanner
    this.#reservoir.push(frame, beginnings !== this.#beginnings, emit)
    this.#beginnings = beginnings
  }
}

/** Creates the filter `mp3`: MPEG-1, 2 and 2.5 audio of all three layers (ISO 11172-3, ISO 13818-3). */
export function createMp3(options: FilterOptions): SyncFilter {
  return new Mp3Filter(options)
}
