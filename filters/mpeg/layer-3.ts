import { MPEG_HEADER_BYTES } from './header.ts'

/**
 * Locates the sound of a Layer III frame. Its main data may begin in earlier frames (ISO 11172-3 2.4.2.7, "bit reservoir"):
 *
 * ```
 *   [h|side|main data ......][h|side|main data ...][h|side|main data ....]
 *                      ^------- main data of the last frame -------^
 *                      main_data_begin counts bytes of main data back from the end of its side information
 * ```
 *
 * All of these functions except the first expect whole Layer III frames. They are called for each frame of a stream, so
 * they read only the bits they need and allocate no objects.
 */

const CRC_BYTES = 2

/** Length of the part of the side information that all granules share, in bits, by number of channels. */
const COMMON_BITS = { mpeg1: { 1: 18, 2: 20 }, mpeg2: { 1: 9, 2: 10 } } as const
/**
 * Length of the side information of one granule of one channel, in bits; it begins with the length of the main data
 * (part2_3_length).
 */
const GRANULE_BITS = { mpeg1: 59, mpeg2: 63 } as const

/** @param frame a whole frame of MPEG audio. */
export function isLayer3(frame: Buffer): boolean {
  return ((frame[1] ?? 0) & 0x06) === 0x02
}

/** Returns the length of the side information, in bytes (ISO 11172-3 2.4.1.7, ISO 13818-3 2.4.1.7). */
export function sideInfoBytes(frame: Buffer): number {
  if (isMpeg1(frame)) return isMono(frame) ? 17 : 32
  return isMono(frame) ? 9 : 17
}

/** Returns the start of the main data area, in bytes from the start of the frame. */
export function mainDataAt(frame: Buffer): number {
  return sideInfoAt(frame) + sideInfoBytes(frame)
}

/**
 * Returns how far before the frame's own area its main data begin, in bytes of main data: at most 511, in MPEG-2 and 2.5 at
 * most 255.
 */
export function mainDataBegin(frame: Buffer): number {
  const at = sideInfoAt(frame)
  const first = frame[at] ?? 0
  return isMpeg1(frame) ? (first << 1) | ((frame[at + 1] ?? 0) >> 7) : first
}

/** States, in place, that the main data of a frame begin in its own area. */
export function beginMainDataHere(frame: Buffer): void {
  const at = sideInfoAt(frame)
  frame[at] = 0
  if (isMpeg1(frame)) frame[at + 1] = (frame[at + 1] ?? 0) & 0x7f
}

/** Returns the maximum value of `mainDataBegin`, in bytes. */
export function maxMainDataBegin(frame: Buffer): number {
  return isMpeg1(frame) ? 511 : 255
}

/** Returns the length of the frame's main data according to its side information, in bytes. */
export function mainDataBytes(frame: Buffer): number {
  const family = isMpeg1(frame) ? 'mpeg1' : 'mpeg2'
  const channels = isMono(frame) ? 1 : 2
  const granules = isMpeg1(frame) ? 2 * channels : channels
  let at = sideInfoAt(frame) * 8 + COMMON_BITS[family][channels]
  let bits = 0
  for (let i = 0; i < granules; i++, at += GRANULE_BITS[family]) bits += twelveBits(frame, at)
  return (bits + 7) >> 3
}

function isMpeg1(frame: Buffer): boolean {
  return ((frame[1] ?? 0) & 0x18) === 0x18
}

function isMono(frame: Buffer): boolean {
  return (frame[3] ?? 0) >= 0xc0
}

function sideInfoAt(frame: Buffer): number {
  const crc = ((frame[1] ?? 0) & 0x01) === 0
  return crc ? MPEG_HEADER_BYTES + CRC_BYTES : MPEG_HEADER_BYTES
}

function twelveBits(bytes: Buffer, bitAt: number): number {
  const at = bitAt >> 3
  const three = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
  return (three >> (12 - (bitAt & 7))) & 0xfff
}
