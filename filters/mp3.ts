import type { Emit, FilterOptions, Frame, RingView } from './frame-filter.ts'
import { isInfoFrame } from './info-frame.ts'
import { type Layer3Frame, MAX_RESERVOIR_BYTES, mainDataAt } from './layer-3.ts'
import { leadIn } from './lead-in.ts'
import { MPEG_HEADER_BYTES, MPEG_MAX_FRAME_BYTES, mpegDurationUs, mpegFrameBytes, mpegKind } from './mpeg-header.ts'
import { SyncFilter } from './sync-filter.ts'
import type { Syntax } from './syntax.ts'

const MPEG_AUDIO: Syntax = {
  name: 'MPEG audio',
  headerBytes: MPEG_HEADER_BYTES,
  maxFrameBytes: MPEG_MAX_FRAME_BYTES,
  frameBytes: mpegFrameBytes,
  kind: mpegKind,
  durationUs: mpegDurationUs,
  isSound: (frame) => !isInfoFrame(frame),
}

/** Frames of Layer III know how much of the bit reservoir is behind them, so that listeners can begin at any of them. */
class Mp3Filter extends SyncFilter {
  /** What is behind the next frame, in bytes of main data since the last break. */
  #reservoirBytes = 0
  #locks = 0

  constructor(options: FilterOptions) {
    super(MPEG_AUDIO, 'audio/mpeg', options)
  }

  override push(chunk: Buffer, emit: Emit): void {
    super.push(chunk, (frame) => emit(this.#withReservoir(frame)))
  }

  override end(emit: Emit): void {
    super.end((frame) => emit(this.#withReservoir(frame)))
  }

  preamble(at: number, ring: RingView): Buffer | null {
    return leadIn(at, ring)
  }

  #withReservoir(frame: Frame): Frame {
    const begin = mainDataAt(frame.bytes)
    if (begin === undefined) return frame
    // Where the scanner had to find its way again, something is missing.
    if (this.scanner.locks !== this.#locks) this.#reservoirBytes = 0
    this.#locks = this.scanner.locks
    const withReservoir: Layer3Frame = { ...frame, reservoirBytes: this.#reservoirBytes }
    const own = frame.bytes.length - begin
    this.#reservoirBytes = Math.min(MAX_RESERVOIR_BYTES, this.#reservoirBytes + own)
    return withReservoir
  }
}

/** Makes the filter `mp3`: MPEG-1, 2 and 2.5 audio of all three layers (ISO 11172-3, ISO 13818-3). */
export function createMp3(options: FilterOptions): SyncFilter {
  return new Mp3Filter(options)
}
