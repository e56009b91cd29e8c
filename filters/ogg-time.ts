import type { LogicalStream } from './ogg-link.ts'

/** A page that seems to sound longer, in microseconds, is one after a jump. */
const MAX_PAGE_US = 10_000_000

/**
 * Goes on to the position at the end of a page.
 * @returns how long it takes from the last one to there, in microseconds; 0 when that is not known, or a jump.
 */
export function advance(stream: LogicalStream, granule: number | undefined): number {
  if (granule === undefined || stream.codec.rate === 0) return 0
  const us = ((granule - stream.granule) * 1e6) / stream.codec.rate
  stream.granule = granule
  return us >= 0 && us <= MAX_PAGE_US ? us : 0
}
