import { mpegFrames } from '../filters/made-up.ts'

/** Bytes of each frame below. */
export const MP3_FRAME_BYTES = 417

/**
 * Frames of MP3 (MPEG-1, 128 kbit/s, 44.1 kHz: 26 ms each) that do not depend on earlier ones: their main data begin in the
 * frame itself (`main_data_begin` 0, ISO 11172-3 2.4.1.7), so that a listener can join at each without a lead-in.
 */
export function plainFrames(count: number, seed: number): Buffer[] {
  const frames = mpegFrames(count, seed)
  for (const frame of frames) frame.fill(0, 4, 6)
  return frames
}
