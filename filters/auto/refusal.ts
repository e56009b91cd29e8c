import type { FrameFilter } from '../frame-filter.ts'

/**
 * Makes a filter for bytes that cannot be used: it skips all of them.
 * @param refusal the reason, in one line.
 */
export function createRefused(refusal: string): FrameFilter {
  const filter = {
    contentType: undefined,
    skippedBytes: 0,
    refusal,
    push: (chunk: Buffer) => {
      filter.skippedBytes += chunk.length
    },
    end: () => {},
  }
  return filter
}
