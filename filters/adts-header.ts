/**
 * The header of an ADTS frame of AAC: ISO 13818-7 6.2 and ISO 14496-3 1.A.2.2.
 *
 * ```
 *   11111111 1111IllP ooRRRRxC CCchittL LLLLLLLL LLLfffff ffffffbb
 *   I MPEG-2, l layer (always 0), P no CRC, o object type - 1, R rate, x private, C channels, c copy, h home,
 *   i t copyright, L length of the frame, f buffer fullness, b blocks - 1
 * ```
 */

/** The length of the header without its checksum, in bytes. */
export const ADTS_HEADER_BYTES = 7

/** The longest frame that its 13 bits can say, in bytes. */
export const ADTS_MAX_FRAME_BYTES = 8191

const RATES = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350]
const BLOCK_SAMPLES = 1024

/**
 * @param at where in `bytes` the header would be.
 * @returns the length of the frame, header included, in bytes; 0 when there is no header.
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
 * The fixed header, which the standard wants the same in every frame (ISO 13818-7 6.2.1).
 * @param at where in `bytes` a header is.
 * @returns a number to compare with that of another header.
 */
export function adtsKind(bytes: Buffer, at: number): number {
  return ((bytes[at + 1] ?? 0) << 12) | ((bytes[at + 2] ?? 0) << 4) | ((bytes[at + 3] ?? 0) >> 4)
}

/**
 * @param at where in `bytes` a header is.
 * @returns how long the frame sounds, in microseconds.
 */
export function adtsDurationUs(bytes: Buffer, at: number): number {
  return (blocks(bytes, at) * BLOCK_SAMPLES * 1e6) / (RATES[rateIndex(bytes, at)] ?? 1)
}

function rateIndex(bytes: Buffer, at: number): number {
  return ((bytes[at + 2] ?? 0) >> 2) & 15
}

function blocks(bytes: Buffer, at: number): number {
  return ((bytes[at + 6] ?? 0) & 3) + 1
}
