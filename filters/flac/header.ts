import { crc8 } from '../bytes/crc.ts'
import { largestBlock, type StreamInfo } from './streaminfo.ts'

/**
 * The header of a frame of FLAC: RFC 9639 9.1.
 *
 * ```
 *   11111111 1111100S bbbbrrrr ccccddd0 [number, 1-7 bytes] [block size, 0-2] [rate, 0-2] CRC-8
 *   S blocks of various sizes, b block size, r rate, c channels, d bits of a sample
 * ```
 */

/** Position of the number in a header, in bytes. */
export const FLAC_NUMBER_AT = 4
/** The longest header, in bytes. */
export const FLAC_MAX_HEADER_BYTES = 16

/** Size of the checks of a frame, the CRC-8 of its header and the CRC-16 of all of it, in bytes. */
const FRAME_END_BYTES = 3

/** Fields of a frame's header. */
export interface FlacHeader {
  /** Samples of each channel. */
  readonly blockSize: number
  /** Number of the frame; with blocks of various sizes, of its first sample. */
  readonly number: number
  /** Whether blocks vary in size. */
  readonly varies: boolean
  /** The length of the number as it is written, in bytes. */
  readonly numberBytes: number
  /** The length of the header without its CRC-8, in bytes. */
  readonly bytes: number
}

/** Sample rates by their code, in Hz; 0 for codes whose rate is stored elsewhere. */
const RATES = [0, 88_200, 176_400, 192_000, 8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000, 0, 0, 0]
/** Bits of a sample by their code; the fourth code is reserved. */
const BITS = [0, 8, 12, undefined, 16, 20, 24, 32]
/** The last codes of channels that are in use: left/side, side/right, mid/side. */
const LAST_STEREO_CODE = 10

/**
 * @param at index of the possible header in `bytes`; 16 bytes must be readable there.
 * @returns undefined when there is none, or one of a stream unlike `info`.
 */
export function readFlacHeader(bytes: Buffer, at: number, info: StreamInfo): FlacHeader | undefined {
  if (bytes[at] !== 0xff || ((bytes[at + 1] ?? 0) & 0xfe) !== 0xf8) return undefined
  const [sizeCode, rateCode] = nibbles(bytes[at + 2] ?? 0)
  if (sizeCode === 0 || !isLike(info, rateCode, bytes[at + 3] ?? 0)) return undefined
  if (codedBytes(bytes[at + FLAC_NUMBER_AT] ?? 0) === 0) return undefined
  const header = fieldsAt(bytes, at)
  const end = at + header.bytes
  if (header.blockSize > largestBlock(info) || crc8(bytes, at, end) !== bytes[end]) return undefined
  const rateAt = end - extraRateBytes(rateCode)
  return rateCode > 11 && extraRate(bytes, rateAt, rateCode) !== info.rate ? undefined : header
}

/** The header of a whole frame; undefined when these bytes are not a frame of FLAC. */
export function headerOfFrame(frame: Buffer): FlacHeader | undefined {
  if (frame[0] !== 0xff || ((frame[1] ?? 0) & 0xfe) !== 0xf8) return undefined
  const header = fieldsAt(frame, 0)
  const isWhole = header.numberBytes > 0 && header.bytes + FRAME_END_BYTES <= frame.length
  return isWhole && crc8(frame, 0, header.bytes) === frame[header.bytes] ? header : undefined
}

function fieldsAt(bytes: Buffer, at: number): FlacHeader {
  const [sizeCode, rateCode] = nibbles(bytes[at + 2] ?? 0)
  const numberBytes = codedBytes(bytes[at + FLAC_NUMBER_AT] ?? 0)
  const sizeAt = at + FLAC_NUMBER_AT + numberBytes
  return {
    blockSize: sizeCode < 6 || sizeCode > 7 ? knownSize(sizeCode) : extraSize(bytes, sizeAt, sizeCode),
    number: codedNumber(bytes, at + FLAC_NUMBER_AT, numberBytes),
    varies: ((bytes[at + 1] ?? 0) & 1) === 1,
    numberBytes,
    bytes: FLAC_NUMBER_AT + numberBytes + extraSizeBytes(sizeCode) + extraRateBytes(rateCode),
  }
}

/** Whether a frame with this header may come next, or soon, after some that were lost. */
export function mayFollow(header: FlacHeader, before: FlacHeader): boolean {
  const blocks = (header.number - before.number) / (header.varies ? before.blockSize : 1)
  return header.varies === before.varies && blocks > 0 && blocks <= 1000
}

/** No frame is larger, in bytes: its samples as they are, a bit more for the difference of two channels, and its own fields. */
export function largestFrame({ blockSize }: FlacHeader, { channels, bitsPerSample }: StreamInfo): number {
  return Math.ceil((blockSize * channels * (bitsPerSample + 1)) / 8) + channels * 16 + FLAC_MAX_HEADER_BYTES
}

function isLike(info: StreamInfo, rateCode: number, channelsAndBits: number): boolean {
  const [channelCode, bitsCode] = nibbles(channelsAndBits)
  const [rate, bits] = [RATES[rateCode], BITS[bitsCode >> 1]]
  const channels = channelCode < 8 ? channelCode + 1 : 2
  if (rate === undefined || bits === undefined || channelCode > LAST_STEREO_CODE || (bitsCode & 1) !== 0) return false
  return channels === info.channels && (rate === 0 || rate === info.rate) && (bits === 0 || bits === info.bitsPerSample)
}

function nibbles(byte: number): [high: number, low: number] {
  return [byte >> 4, byte & 15]
}

function knownSize(code: number): number {
  if (code === 1) return 192
  return code < 6 ? 144 << code : 1 << code
}

function extraSizeBytes(code: number): number {
  return code === 6 || code === 7 ? code - 5 : 0
}

function extraSize(bytes: Buffer, at: number, code: number): number {
  return 1 + (code === 6 ? (bytes[at] ?? 0) : twoBytes(bytes, at))
}

function extraRateBytes(code: number): number {
  if (code < 12) return 0
  return code === 12 ? 1 : 2
}

/** In kHz, in Hz, or in tens of Hz. */
function extraRate(bytes: Buffer, at: number, code: number): number {
  if (code === 12) return (bytes[at] ?? 0) * 1000
  return twoBytes(bytes, at) * (code === 13 ? 1 : 10)
}

function twoBytes(bytes: Buffer, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}

/** Returns the length of a number by its first byte, as in UTF-8 but up to 7 bytes; 0 when it cannot be a first byte. */
function codedBytes(first: number): number {
  if (first < 0x80) return 1
  const ones = Math.clz32(~(first << 24))
  return ones === 1 || ones > 7 ? 0 : ones
}

/** Up to 36 bits. */
function codedNumber(bytes: Buffer, at: number, length: number): number {
  let number = (bytes[at] ?? 0) & (length === 1 ? 0x7f : 0x7f >> length)
  for (let i = 1; i < length; i++) number = number * 64 + ((bytes[at + i] ?? 0) & 0x3f)
  return number
}
