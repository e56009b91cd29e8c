import { channelsText } from '../channels-text.ts'

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
const MAX_FRAME_AT = 7
const RATE_AT = 10
const SAMPLES_AT = 13
const MD5_AT = 18
/** Largest values of its fields. */
const MAX_BLOCK = 0xffff
const MAX_FRAME = 0xffffff
const MAX_SAMPLES = 2 ** 36 - 1

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
 * Largest blocks that a listener's decoder is to be ready for, in samples, by the classes of RFC 9639 7 (streamable subset, up to
 * 48 kHz and above) and its limit. Not the limit for all, because small devices allocate memory by it.
 */
const BLOCK_CLASSES = { subset: 4608, highRateSubset: 16_384, any: 65_535 }
const SUBSET_RATE = 48_000
/** Smallest block size that STREAMINFO can state, in samples. */
const LEAST_BLOCK = 16

/** The largest block that listeners of a stream may get, in samples: as large as its own blocks at least. */
export function largestBlock({ rate, maxBlock }: StreamInfo): number {
  const { subset, highRateSubset, any } = BLOCK_CLASSES
  if (maxBlock <= subset && rate <= SUBSET_RATE) return subset
  return maxBlock <= highRateSubset ? highRateSubset : any
}

/**
 * Properties that two streams must have in common for a decoder that has begun with one to go on with the other without a new
 * STREAMINFO. ffmpeg refuses blocks that are larger than STREAMINFO says.
 */
export function flacFormat(info: StreamInfo): string {
  return `${describeStreamInfo(info)}, blocks of up to ${largestBlock(info)}`
}

/**
 * The same for FLAC in Ogg, where frames keep their numbers: after smaller blocks, flac takes the positions that frames count
 * in blocks for holes and fills them.
 */
export function oggFlacFormat(info: StreamInfo): string {
  const sizes = info.minBlock === info.maxBlock ? `${info.maxBlock}` : `${info.minBlock} to ${info.maxBlock}`
  return `${describeStreamInfo(info)}, blocks of ${sizes}`
}

/** States, in place, that blocks may have any size up to the largest that listeners may get. */
export function allowAnyBlock(bytes: Buffer, at: number): void {
  const largest = largestBlock(readStreamInfo(bytes, at))
  bytes.writeUInt16BE(LEAST_BLOCK, at + MIN_BLOCK_AT)
  bytes.writeUInt16BE(largest, at + MAX_BLOCK_AT)
}

/** Clears, in place, the values that are valid only for the whole stream: sizes of frames, the number of samples, their MD5. */
export function forgetLength(bytes: Buffer, at: number): void {
  bytes.fill(0, at + MIN_FRAME_AT, at + RATE_AT)
  // The upper half of this byte belongs to the bits of a sample.
  bytes[at + SAMPLES_AT] = (bytes[at + SAMPLES_AT] ?? 0) & 0xf0
  bytes.fill(0, at + SAMPLES_AT + 1, at + MD5_AT)
  bytes.fill(0, at + MD5_AT, at + STREAMINFO_BYTES)
}

/** Totals of a complete stream. */
export class StreamTotals {
  /** Samples of each channel. */
  samples = 0
  #minBlock = MAX_BLOCK
  #maxBlock = 0
  #minFrame = MAX_FRAME
  #maxFrame = 0
  #lastBlock = 0

  /** Hot path: counts the next frame. @param bytes its length */
  add(blockSize: number, bytes: number): void {
    // The last block does not count as the smallest.
    if (this.samples > 0) this.#minBlock = Math.min(this.#minBlock, this.#lastBlock)
    this.#lastBlock = blockSize
    this.#maxBlock = Math.max(this.#maxBlock, blockSize)
    this.#minFrame = Math.min(this.#minFrame, bytes)
    this.#maxFrame = Math.max(this.#maxFrame, bytes)
    this.samples += blockSize
  }

  /** Writes them in place; a value that has no room, as unknown. */
  write(bytes: Buffer, at: number): void {
    if (this.samples === 0) return
    bytes.writeUInt16BE(Math.max(LEAST_BLOCK, Math.min(this.#minBlock, this.#maxBlock)), at + MIN_BLOCK_AT)
    bytes.writeUInt16BE(Math.max(LEAST_BLOCK, this.#maxBlock), at + MAX_BLOCK_AT)
    bytes.writeUIntBE(this.#maxFrame > MAX_FRAME ? 0 : this.#minFrame, at + MIN_FRAME_AT, 3)
    bytes.writeUIntBE(this.#maxFrame > MAX_FRAME ? 0 : this.#maxFrame, at + MAX_FRAME_AT, 3)
    if (this.samples > MAX_SAMPLES) return
    bytes[at + SAMPLES_AT] = ((bytes[at + SAMPLES_AT] ?? 0) & 0xf0) | Math.floor(this.samples / 2 ** 32)
    bytes.writeUInt32BE(this.samples % 2 ** 32, at + SAMPLES_AT + 1)
  }
}
