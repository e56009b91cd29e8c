import type { FilterOptions } from './frame-filter.ts'
import { isInfoFrame } from './info-frame.ts'
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

/** Makes the filter `mp3`: MPEG-1, 2 and 2.5 audio of all three layers (ISO 11172-3, ISO 13818-3). */
export function createMp3(options: FilterOptions): SyncFilter {
  return new SyncFilter(MPEG_AUDIO, 'audio/mpeg', options)
}
