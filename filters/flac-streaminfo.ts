import { channelsText } from './channels-text.ts'

/**
 * STREAMINFO, the first metadata block of FLAC: RFC 9639 8.2. Numbers are big-endian.
 *
 * ```
 *   0 min block | 2 max block | 4 min frame | 7 max frame | 10 rate:20 channels-1:3 bits-1:5 samples:36 | 18 MD5 of all samples
 * ```
 */

/** Its length without the block's own header, in bytes. */
export const STREAMINFO_BYTES = 34

const MIN_BLOCK_AT = 0
const MAX_BLOCK_AT = 2
const MIN_FRAME_AT = 4
const RATE_AT = 10
const SAMPLES_AT = 13
const MD5_AT = 18

/** What it says of the whole stream. */
export interface StreamInfo {
  /** Hz. */
  readonly rate: number
  readonly channels: number
  readonly bitsPerSample: number
  /** Samples of each channel in a frame, not counting the last one. */
  readonly minBlock: number
  /** The same for all frames but the last when both are equal. */
  readonly maxBlock: number
}

/** @param at where in `bytes` it begins; there must be 34 bytes. */
export function readStreamInfo(bytes: Buffer, at: number): StreamInfo {
  const format = bytes.readUInt32BE(at + RATE_AT)
  return {
    rate: format >>> 12,
    channels: ((format >>> 9) & 7) + 1,
    bitsPerSample: ((format >>> 4) & 31) + 1,
    minBlock: bytes.readUInt16BE(at + MIN_BLOCK_AT),
    maxBlock: bytes.readUInt16BE(at + MAX_BLOCK_AT),
  }
}

/** `16 bit, 44100 Hz, stereo` */
export function describeStreamInfo({ bitsPerSample, rate, channels }: StreamInfo): string {
  return `${bitsPerSample} bit, ${rate} Hz, ${channelsText(channels)}`
}

/**
 * What two streams must have in common for a decoder that has begun with one to go on with the other, without a new STREAMINFO
 * or, in Ogg, with one. Blocks that are larger than they were said to be are refused by ffmpeg; after smaller ones, flac takes
 * the positions that frames count in blocks for holes and fills them.
 */
export function flacFormat(info: StreamInfo): string {
  const sizes = info.minBlock === info.maxBlock ? `${info.maxBlock}` : `${info.minBlock} to ${info.maxBlock}`
  return `${describeStreamInfo(info)}, blocks of ${sizes}`
}

/** Takes out, in place, what is right only for who hears the whole stream: sizes of frames, the number of samples, their MD5. */
export function forgetLength(bytes: Buffer, at: number): void {
  bytes.fill(0, at + MIN_FRAME_AT, at + RATE_AT)
  // The upper half of this byte belongs to the bits of a sample.
  bytes[at + SAMPLES_AT] = (bytes[at + SAMPLES_AT] ?? 0) & 0xf0
  bytes.fill(0, at + SAMPLES_AT + 1, at + MD5_AT)
  bytes.fill(0, at + MD5_AT, at + STREAMINFO_BYTES)
}
