/**
 * LOAS, which carries AAC in LATM: ISO 14496-3 1.7.2, AudioSyncStream. Only some of its frames contain the configuration
 * that decoders need, and players do not accept it over HTTP.
 *
 * ```
 *   01010110 111LLLLL LLLLLLLL
 *   L length of the rest of the frame, in bytes
 * ```
 */

/** Reason for refusing LOAS, and the remedy. */
export const LOAS_REFUSAL = 'AAC in LATM/LOAS cannot be joined in the middle by players; make it ADTS (ffmpeg: -f adts)'

const HEADER_BYTES = 3
const FIRST_BYTE = 0x56
/** Number of consecutive headers, with nothing else after them, that rule out coincidence. */
const ENOUGH_HEADERS = 3

/**
 * @param bytes the beginning of a stream, which may be in the middle of a frame.
 * @returns whether they are LOAS from some position to their end.
 */
export function holdsLoas(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(FIRST_BYTE); at >= 0; at = bytes.indexOf(FIRST_BYTE, at + 1)) {
    if (isLoasFrom(bytes, at)) return true
  }
  return false
}

function isLoasFrom(bytes: Buffer, start: number): boolean {
  let headers = 0
  for (let at = start; at + HEADER_BYTES <= bytes.length; headers++) {
    const second = bytes[at + 1] ?? 0
    const length = ((second & 0x1f) << 8) | (bytes[at + 2] ?? 0)
    if (bytes[at] !== FIRST_BYTE || (second & 0xe0) !== 0xe0 || length === 0) return false
    at += HEADER_BYTES + length
  }
  return headers >= ENOUGH_HEADERS
}
