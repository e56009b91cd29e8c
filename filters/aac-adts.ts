import { ADTS_HEADER_BYTES, ADTS_MAX_FRAME_BYTES, adtsDurationUs, adtsFrameBytes, adtsKind } from './adts-header.ts'
import type { FilterOptions } from './frame-filter.ts'
import { SyncFilter } from './sync-filter.ts'
import type { Syntax } from './syntax.ts'

const ADTS: Syntax = {
  name: 'AAC in ADTS',
  headerBytes: ADTS_HEADER_BYTES,
  maxFrameBytes: ADTS_MAX_FRAME_BYTES,
  frameBytes: adtsFrameBytes,
  kind: adtsKind,
  durationUs: adtsDurationUs,
  isSound: () => true,
}

/** Makes the filter `aac-adts` (ISO 13818-7, ISO 14496-3). */
export function createAacAdts(options: FilterOptions): SyncFilter {
  return new SyncFilter(ADTS, 'audio/aac', options)
}
