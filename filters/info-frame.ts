import { isLayer3, sideInfoBytes } from './layer-3.ts'
import { MPEG_HEADER_BYTES } from './mpeg-header.ts'

/** Where Fraunhofer's encoders put their table, whatever the side information is. In bytes. */
const VBRI_AT = 36
const CRC_BYTES = 2

/**
 * Encoders open a file with a Layer III frame that holds a table in place of sound: Xing (variable bit rate), Info (constant)
 * or VBRI. Xing's comes after the side information (ISO 11172-3 2.4.1.7), with or without regard to a checksum.
 * @param frame a whole frame of MPEG audio.
 */
export function isInfoFrame(frame: Buffer): boolean {
  // Side information is all zero there, and for nearly every frame of sound this is all that has to be looked at.
  if (frame[8] !== 0 || frame[9] !== 0 || frame[10] !== 0) return false
  if (!isLayer3(frame)) return false
  if (hasName(frame, VBRI_AT, 'VBRI')) return true
  const after = MPEG_HEADER_BYTES + sideInfoBytes(frame)
  return [after, after + CRC_BYTES].some((at) => hasName(frame, at, 'Xing') || hasName(frame, at, 'Info'))
}

function hasName(frame: Buffer, at: number, name: string): boolean {
  return frame.toString('latin1', at, at + name.length) === name
}
