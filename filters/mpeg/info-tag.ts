import { lameCrc } from '../bytes/crc.ts'
import { mainDataAt } from './layer-3.ts'
import { silentFrameWithRoom } from './silence.ts'

/**
 * The first frame of an MP3 file, which decoders skip: a silent one that holds the tables of Xing and of LAME
 * (http://gabriel.mp3-tech.org/mp3infotag.html). Numbers are big-endian.
 *
 * ```
 *   Info | flags | frames | bytes | table of contents, 100 | quality | LAME3.100 ... delay:12 padding:12 ... | CRC | CRC of the tag
 *                '------ only when the file is complete -------------'
 * ```
 */

/** Totals of a complete file. */
export interface InfoTotals {
  /** Frames behind this one. */
  readonly frames: number
  /** Length of the file, in bytes, this frame included. */
  readonly bytes: number
  readonly table: Buffer
  /** All frames have the same bit rate. */
  readonly isConstant: boolean
  /** See `lameCrc`; of all bytes behind this frame. */
  readonly crc: number
}

const NAME_BYTES = 4
const HAS_FRAMES_BYTES_TABLE_QUALITY = 15
/** Length of all fields of Xing's table, in bytes. */
const XING_BYTES = 120
const LAME_BYTES = 36
/** Only tags with this name are believed by all decoders. */
const ENCODER = 'LAME3.100'
/** Values of the lower half of LAME's byte behind its name. */
const METHOD = { unknown: 0, constant: 1 }
/** Positions in LAME's table, in bytes. */
const LAME_AT = { method: 9, delays: 21, musicBytes: 28, musicCrc: 32, tagCrc: 34 }
/** Samples that a decoder lags behind an encoder: those that decoders skip beyond the delay that the tag states. */
const DECODER_DELAY = 529
/** Largest number of a field, from which on files are too long for it. */
const MAX_UINT32 = 0xffffffff

/**
 * @param model a frame of the file @param skippedSamples that decoders leave out at the start; at least `DECODER_DELAY`
 * @param totals undefined: they are not known yet
 * @returns a frame of always the same length for files of the same format
 */
export function infoFrame(model: Buffer, skippedSamples: number, totals?: InfoTotals): Buffer {
  const frame = silentFrameWithRoom(model, XING_BYTES + LAME_BYTES)
  const at = mainDataAt(frame)
  frame.write(totals?.isConstant === false ? 'Xing' : 'Info', at, 'latin1')
  const isComplete = totals !== undefined && totals.bytes <= MAX_UINT32
  const lameAt = at + (isComplete ? XING_BYTES : 2 * NAME_BYTES)
  if (isComplete) writeXing(frame, at + NAME_BYTES, totals)
  writeLame(frame, lameAt, skippedSamples, isComplete ? totals : undefined)
  return frame
}

function writeXing(frame: Buffer, at: number, { frames, bytes, table }: InfoTotals): void {
  frame.writeUInt32BE(HAS_FRAMES_BYTES_TABLE_QUALITY, at)
  frame.writeUInt32BE(frames, at + 4)
  frame.writeUInt32BE(bytes, at + 8)
  table.copy(frame, at + 12)
}

function writeLame(frame: Buffer, at: number, skippedSamples: number, totals: InfoTotals | undefined): void {
  frame.write(ENCODER, at, 'latin1')
  frame[at + LAME_AT.method] = totals?.isConstant === true ? METHOD.constant : METHOD.unknown
  // The padding takes back what decoders play beyond the last frame to make up for their delay: all of it is in the next file.
  frame.writeUIntBE(((skippedSamples - DECODER_DELAY) << 12) | DECODER_DELAY, at + LAME_AT.delays, 3)
  frame.writeUInt32BE(totals?.bytes ?? 0, at + LAME_AT.musicBytes)
  frame.writeUInt16BE(totals?.crc ?? 0, at + LAME_AT.musicCrc)
  frame.writeUInt16BE(lameCrc(frame, 0, at + LAME_AT.tagCrc, 0), at + LAME_AT.tagCrc)
}
