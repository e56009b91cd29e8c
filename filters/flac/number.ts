import { crc8, crc16, crc16Change } from '../bytes/crc.ts'
import type { Numbering } from '../numbering.ts'
import { FLAC_NUMBER_AT, type FlacHeader, headerOfFrame } from './header.ts'

/**
 * The numbers of frames, as listeners get them: of each frame's first sample, in one row through all streams that follow one
 * another (RFC 9639 9.1.5). Decoders compare the numbers of frames: where they jump, ffmpeg writes "sample/frame number mismatch"
 * and its times, which players go by, jump too; flac fills the hole with silence.
 *
 * Encoders number frames instead, which allows no block but the last to be shorter than the others. The last blocks of tracks are
 * shorter, and tracks differ in their block size.
 */

/**
 * Sample numbers before they start at 0 again. They may have 36 bits, but ffmpeg, and Chromium with it, decodes no frame whose
 * number has more than 31. After 13.5 hours at 44.1 kHz a decoder that is still there finds one jump, and all samples in place.
 */
export const FLAC_NUMBERS = 2 ** 31
/** The longest number, in bytes. */
const LONGEST_NUMBER = 6
/** Set in the second byte of a header where numbers count samples. */
const COUNTS_SAMPLES = 1
const CRC_16_BYTES = 2

/** Numbers of the frames that the filter emits. Other bytes have the number 0, and stay as they are. */
export const flacNumbering: Numbering = {
  numbers: FLAC_NUMBERS,
  of: (frame) => headerOfFrame(frame)?.number ?? 0,
  after(frame) {
    const header = headerOfFrame(frame)
    return header === undefined ? 0 : (header.number + header.blockSize) % FLAC_NUMBERS
  },
  lowered(frames, by) {
    let length = 0
    for (const frame of frames) length += frame.length + LONGEST_NUMBER
    const bytes = Buffer.allocUnsafe(length)
    let end = 0
    for (const frame of frames) {
      const header = headerOfFrame(frame)
      if (header === undefined) end += frame.copy(bytes, end)
      else end = writeFrame(frame, header, (header.number - by + FLAC_NUMBERS) % FLAC_NUMBERS, bytes, end)
    }
    return bytes.subarray(0, end)
  },
}

/** @returns a copy of a frame, with the number of its first sample. */
export function withNumber(frame: Buffer, header: FlacHeader, number: number): Buffer {
  const bytes = Buffer.allocUnsafe(frame.length - header.numberBytes + lengthOf(number))
  writeFrame(frame, header, number, bytes, 0)
  return bytes
}

/** Hot path. Writes a frame with another number at `at`. @returns where it ends. */
function writeFrame(frame: Buffer, header: FlacHeader, number: number, to: Buffer, at: number): number {
  frame.copy(to, at, 0, FLAC_NUMBER_AT)
  to[at + 1] = (to[at + 1] ?? 0) | COUNTS_SAMPLES
  const sizeAt = writeNumber(number, to, at + FLAC_NUMBER_AT)
  const checkAt = sizeAt + frame.copy(to, sizeAt, FLAC_NUMBER_AT + header.numberBytes, header.bytes)
  to[checkAt] = crc8(to, at, checkAt)
  const end = checkAt + 1 + frame.copy(to, checkAt + 1, header.bytes + 1)
  const change = crc16(frame, 0, header.bytes + 1) ^ crc16(to, at, checkAt + 1)
  const crcAt = end - CRC_16_BYTES
  to.writeUInt16BE(to.readUInt16BE(crcAt) ^ crc16Change(change, crcAt - checkAt - 1), crcAt)
  return end
}

/** In the way of UTF-8, but up to 6 bytes: the first one states with its ones how many there are. @returns where it ends. */
function writeNumber(number: number, to: Buffer, at: number): number {
  const length = lengthOf(number)
  let rest = number
  for (let i = length - 1; i > 0; i--) {
    to[at + i] = 0x80 | (rest % 64)
    rest = Math.floor(rest / 64)
  }
  to[at] = length === 1 ? rest : ((0xff00 >> length) & 0xff) | rest
  return at + length
}

/** In bytes. The first byte holds 7 bits of a number that it is all of, and otherwise one bit less than its zeros. */
function lengthOf(number: number): number {
  let length = number < 0x80 ? 1 : 2
  while (length > 1 && number >= 2 ** (5 * length + 1)) length++
  return length
}
