import type { Frame } from '../../filters/frame-filter.ts'

const OPUS_HEAD = Buffer.from('OpusHead')
/** Offset in OpusHead of the number of samples to skip at the beginning (RFC 7845 5.1), in bytes. */
const PRE_SKIP_AT = 10

/** Beginning of each frame in the decoded whole stream, in samples of each channel; followed by the end of the last frame. */
export function soundPositions(frames: readonly Frame[], rate: number): number[] {
  let us = 0
  let skipped = 0
  const positions = [0]
  for (const { bytes, durationUs } of frames) {
    us += durationUs
    const head = bytes.subarray(0, 100).indexOf(OPUS_HEAD)
    if (head >= 0) skipped += bytes.readUInt16LE(head + PRE_SKIP_AT)
    positions.push(Math.max(0, Math.round((us * rate) / 1e6) - skipped))
  }
  return positions
}

/** Median duration of the frames, in samples. */
export function usualLength(positions: readonly number[]): number {
  const lengths = positions.slice(1).map((position, i) => position - (positions[i] ?? 0))
  return Math.max(1, lengths.toSorted((a, b) => a - b)[lengths.length >> 1] ?? 1)
}
