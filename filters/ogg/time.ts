import type { LogicalStream } from './link.ts'

/** Maximum duration of a page, in microseconds. A longer one is the result of a jump. */
const MAX_PAGE_US = 10_000_000

/**
 * Advances the stream to the position at the end of a page.
 * @returns the time from the last position to this one, in microseconds; 0 if unknown or after a jump.
 */
export function advance(stream: LogicalStream, granule: number | undefined): number {
  if (granule === undefined || stream.codec.rate === 0) return 0
  const us = ((granule - stream.granule) * 1e6) / stream.codec.rate
  stream.granule = granule
  return us >= 0 && us <= MAX_PAGE_US ? us : 0
}
