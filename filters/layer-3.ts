import type { Frame } from './frame-filter.ts'
import { MPEG_HEADER_BYTES, readMpegHeader } from './mpeg-header.ts'

/**
 * Where a Layer III frame keeps its sound. Its main data may begin in earlier frames (ISO 11172-3 2.4.2.7, "bit reservoir"):
 *
 * ```
 *   [h|side|main data ......][h|side|main data ...][h|side|main data ....]
 *                      ^------- main data of the last frame -------^
 *                      main_data_begin counts bytes of main data back from the end of its side information
 * ```
 */

/** The most that `main_data_begin` can say, in bytes: nine bits in MPEG-1, eight in MPEG-2 and 2.5. */
export const MAX_RESERVOIR_BYTES = 511

const CRC_BYTES = 2

/** A frame of Layer III, and how much of the main data before it there is in the stream. */
export interface Layer3Frame extends Frame {
  /** Bytes of main data since the last break in the stream, 511 at most. */
  readonly reservoirBytes: number
}

/** Length of the side information, in bytes (ISO 11172-3 2.4.1.7, ISO 13818-3 2.4.1.7). */
export function sideInfoBytes(version: 1 | 2 | 2.5, channels: 1 | 2): number {
  if (version === 1) return channels === 1 ? 17 : 32
  return channels === 1 ? 9 : 17
}

/**
 * @param frame a whole frame of MPEG audio.
 * @returns where its main data area begins, in bytes from its start; undefined when it is not of Layer III.
 */
export function mainDataAt(frame: Buffer): number | undefined {
  const header = readMpegHeader(frame, 0)
  if (header?.layer !== 3) return undefined
  return MPEG_HEADER_BYTES + (header.crc ? CRC_BYTES : 0) + sideInfoBytes(header.version, header.channels)
}

/**
 * @param frame a whole frame of Layer III.
 * @returns how far back its main data begins, in bytes of main data before this frame's own.
 */
export function mainDataBegin(frame: Buffer): number {
  const header = readMpegHeader(frame, 0)
  const at = MPEG_HEADER_BYTES + (header?.crc ? CRC_BYTES : 0)
  const first = frame[at] ?? 0
  return header?.version === 1 ? (first << 1) | ((frame[at + 1] ?? 0) >> 7) : first
}
