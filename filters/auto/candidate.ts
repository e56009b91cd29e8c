import { createAacAdts } from '../aac/adts.ts'
import type { FilterOptions, Frame } from '../frame-filter.ts'
import { createMp3 } from '../mpeg/mp3.ts'
import type { SyncFilter } from '../sync/sync-filter.ts'

/** Number of consecutive headers after which a filter waits for more bytes of a slow source. */
const PROMISING_HEADERS = 2

/** A filter that may be the right one, and the frames that it has found. */
export interface Candidate {
  readonly filter: SyncFilter
  readonly frames: Frame[]
}

/** Makes a candidate for each format that is framed by sync words. */
export function createCandidates(options: FilterOptions): readonly Candidate[] {
  return [createMp3(options), createAacAdts(options)].map((filter) => ({ filter, frames: [] }))
}

/** Returns the position where the format begins, or up to which it does not begin, in bytes from the start. */
export function reach({ filter: { scanner } }: Candidate): number {
  return scanner.lockedAt ?? scanner.position
}

/** Whether a filter may still lock. After a tag it always may. */
export function mayLock({ filter: { scanner } }: Candidate): boolean {
  return scanner.chainHeaders >= PROMISING_HEADERS || scanner.leadingTagBytes > 0
}
