import { channelsText } from '../channels-text.ts'

/**
 * The header of an ADTS frame of AAC: ISO 13818-7 6.2 and ISO 14496-3 1.A.2.2.
 *
 * ```
 *   11111111 1111IllP ooRRRRxC CCchittL LLLLLLLL LLLfffff ffffffbb
 *   I MPEG-2, l layer (always 0), P no CRC, o object type - 1, R rate, x private, C channels, c copy, h home,
 *   i t copyright, L length of the frame, f buffer fullness, b blocks - 1
 * ```
 */

/** Length of the header without its checksum, in bytes. */
export const ADTS_HEADER_BYTES = 7

/** Maximum frame length that its 13 bits can express, in bytes. */
export const ADTS_MAX_FRAME_BYTES = 8191

const RATES = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350]
const BLOCK_SAMPLES = 1024

/** Names of the object types, by the two bits of the header (ISO 14496-3 table 1.17). */
const OBJECT_TYPES = ['Main', 'LC', 'SSR', 'LTP'] as const
/** Channels by configuration (ISO 14496-3 table 1.19); 0 means that the frames themselves list them. */
const CHANNELS = [0, 1, 2, 3, 4, 5, 6, 8]

/**
 * @param at the index in `bytes` of the possible header.
 * @returns the length of the frame, header included, in bytes; 0 if no header is found.
 */
export function adtsFrameBytes(bytes: Buffer, at: number): number {
  const second = bytes[at + 1] ?? 0
  if (bytes[at] !== 0xff || (second & 0xf6) !== 0xf0) return 0
  if (rateIndex(bytes, at) >= RATES.length) return 0
  const length = (((bytes[at + 3] ?? 0) & 3) << 11) | ((bytes[at + 4] ?? 0) << 3) | ((bytes[at + 5] ?? 0) >> 5)
  const headerBytes = (second & 1) === 1 ? ADTS_HEADER_BYTES : ADTS_HEADER_BYTES + 2
  return length > headerBytes ? length : 0
}

/**
 * Reads the fixed header, which must be the same in every frame (ISO 13818-7 6.2.1).
 * @param at the index in `bytes` of a header.
 * @returns a number to compare with that of another header.
 */
export function adtsKind(bytes: Buffer, at: number): number {
  return ((bytes[at + 1] ?? 0) << 12) | ((bytes[at + 2] ?? 0) << 4) | ((bytes[at + 3] ?? 0) >> 4)
}

/**
 * @param at the index in `bytes` of a header.
 * @returns the duration of the frame, in microseconds.
 */
export function adtsDurationUs(bytes: Buffer, at: number): number {
  return (blocks(bytes, at) * BLOCK_SAMPLES * 1e6) / adtsRate(bytes, at)
}

/**
 * @param at the index in `bytes` of a header.
 * @returns the sampling rate, in Hz; in HE-AAC that of the lower half of the spectrum, which is half of the rate that is
 * played.
 */
export function adtsRate(bytes: Buffer, at: number): number {
  return RATES[rateIndex(bytes, at)] ?? 1
}

/**
 * Describes the properties that all frames of one encoding share, according to their headers, which do not distinguish
 * HE-AAC from the AAC that it extends.
 * @param at the index in `bytes` of a header.
 * @returns words such as `MPEG-4 AAC LC, 44100 Hz, stereo`.
 */
export function adtsFormat(bytes: Buffer, at: number): string {
  const standard = ((bytes[at + 1] ?? 0) & 0x08) === 0 ? 'MPEG-4' : 'MPEG-2'
  const channels = CHANNELS[adtsChannelConfiguration(bytes, at)] ?? 0
  const channelWords = channels === 0 ? 'channels listed in the frames' : channelsText(channels)
  return `${standard} AAC ${adtsObjectType(bytes, at)}, ${adtsRate(bytes, at)} Hz, ${channelWords}`
}

/** @param at where in `bytes` a header is. */
export function adtsObjectType(bytes: Buffer, at: number): (typeof OBJECT_TYPES)[number] {
  return OBJECT_TYPES[((bytes[at + 2] ?? 0) >> 6) & 3] ?? 'Main'
}

/**
 * @param at the index in `bytes` of a header.
 * @returns the channel configuration, 1 to 7, or 0 if the channels are listed in the frames.
 */
export function adtsChannelConfiguration(bytes: Buffer, at: number): number {
  return (((bytes[at + 2] ?? 0) & 1) << 2) | ((bytes[at + 3] ?? 0) >> 6)
}

function rateIndex(bytes: Buffer, at: number): number {
  return ((bytes[at + 2] ?? 0) >> 2) & 15
}

function blocks(bytes: Buffer, at: number): number {
  return ((bytes[at + 6] ?? 0) & 3) + 1
}
