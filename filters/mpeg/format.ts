import { channelsText } from '../channels-text.ts'
import { readMpegHeader } from './header.ts'

const LAYER_NUMBERS = { 1: 'I', 2: 'II', 3: 'III' } as const

/**
 * Describes the properties that all frames of one encoding share. Stereo modes change from frame to frame; all of them are
 * reported as stereo.
 * @param at the index in `bytes` of a header.
 * @returns words such as `MPEG-1 Layer III, 44100 Hz, stereo`.
 */
export function mpegFormat(bytes: Buffer, at: number): string {
  const header = readMpegHeader(bytes, at)
  if (header === undefined) return 'MPEG audio'
  const { version, layer, rate, channels } = header
  return `MPEG-${version} Layer ${LAYER_NUMBERS[layer]}, ${rate} Hz, ${channelsText(channels)}`
}
