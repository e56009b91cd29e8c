import { createAacAdts } from '../aac/adts.ts'
import type { FilterOptions, Frame } from '../frame-filter.ts'
import { createMp3 } from '../mpeg/mp3.ts'
import type { SyncFilter } from '../sync/sync-filter.ts'

/** Headers in a row that are worth waiting for on a slow source. */
const PROMISING_HEADERS = 2

/** A filter that may turn out to be the right one, and the frames that it has found so far. */
export interface Candidate {
  readonly filter: SyncFilter
  readonly frames: Frame[]
}

/** One for each format that is framed by sync words. */
export function createCandidates(options: FilterOptions): readonly Candidate[] {
  return [createMp3(options), createAacAdts(options)].map((filter) => ({ filter, frames: [] }))
}

/** Where the format begins, or else up to where it does not, in bytes from the start. */
export function reach({ filter: { scanner } }: Candidate): number {
  return scanner.lockedAt ?? scanner.position
}

/** Whatever follows a tag is worth waiting for, too. */
export function mayLock({ filter: { scanner } }: Candidate): boolean {
  return scanner.chainHeaders >= PROMISING_HEADERS || scanner.leadingTagBytes > 0
}
