import { MPEG_HEADER_BYTES } from './header.ts'
import { isLayer3, sideInfoBytes } from './layer-3.ts'

/** Position of the table of Fraunhofer's encoders, in bytes; the same for any length of the side information. */
const VBRI_AT = 36
const CRC_BYTES = 2

/**
 * Returns whether a frame is one that encoders put at the start of a file: a Layer III frame that holds a table in place of
 * sound, named Xing (variable bit rate), Info (constant) or VBRI. Xing's table follows the side information (ISO 11172-3
 * 2.4.1.7); some encoders count a checksum in front of it, others do not.
 * @param frame a whole frame of MPEG audio.
 */
export function isInfoFrame(frame: Buffer): boolean {
  // The side information of such frames is all zero. For nearly every frame of sound this check is enough.
  if (frame[8] !== 0 || frame[9] !== 0 || frame[10] !== 0) return false
  if (!isLayer3(frame)) return false
  if (hasName(frame, VBRI_AT, 'VBRI')) return true
  const after = MPEG_HEADER_BYTES + sideInfoBytes(frame)
  return [after, after + CRC_BYTES].some((at) => hasName(frame, at, 'Xing') || hasName(frame, at, 'Info'))
}

function hasName(frame: Buffer, at: number, name: string): boolean {
  return frame.toString('latin1', at, at + name.length) === name
}
