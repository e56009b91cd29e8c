import type { FrameFilter } from '../frame-filter.ts'

/**
 * A filter for bytes that nothing can be made of: it passes over all of them.
 * @param refusal why, in one line.
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
