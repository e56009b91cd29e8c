import { channelsText } from '../channels-text.ts'
import { type PcmEncoding, type PcmFormat, pcmFormat, silentByteOf } from '../pcm-format.ts'

/**
 * The header of a WAV stream, as programs write it into a pipe: RIFF and `fmt ` (Microsoft, "Multimedia Programming Interface
 * and Data Specifications 1.0"), WAVE_FORMAT_EXTENSIBLE ("Multiple channel audio data and WAVE files"), and RF64 with `ds64`
 * (EBU Tech 3306).
 */

/** A header, and the format of the samples behind it. */
export interface WavHeader {
  /** Length of the header, up to the first sample, in bytes. */
  readonly bytes: number
  /** Number of bytes of samples that follow; infinite when the writer did not know it. */
  readonly dataBytes: number
  /** The content of the `fmt ` chunk. */
  readonly fmt: Buffer
  /** Size of one sample of every channel, in bytes. */
  readonly blockBytes: number
  /** Hz. */
  readonly rate: number
  readonly channels: number
  readonly bitsPerSample: number
  /** WAVE_FORMAT_PCM 1, _IEEE_FLOAT 3, _ALAW 6, _MULAW 7; of an extensible format, the real one. */
  readonly tag: number
  /** Bytes of a sample of one channel, when they are big-endian; undefined or 1: they are as in WAV. */
  readonly swappedBytes?: number
  /** Samples of 8 bits have a sign, which they have not in WAV. */
  readonly hasSign?: boolean
}

/** Maximum size of a header, in bytes; with more before the samples it is refused. */
export const MAX_HEADER_BYTES = 64 * 1024
/**
 * Sizes from this one on are placeholders of writers that cannot know: arecord writes 2^31, sox a little less, ffmpeg 2^32 - 1.
 */
export const UNKNOWN_FROM = 0x7f000000
const EXTENSIBLE = 0xfffe
const FMT_MIN_BYTES = 16
const PCM = 1
/** Samples of one byte. */
const ONE_BYTE: Readonly<Record<number, PcmEncoding>> = { [PCM]: 'u8', 6: 'alaw', 7: 'mulaw' }
/** By tag, and bytes of a sample of one channel. */
const ENCODINGS: Readonly<Record<string, PcmEncoding>> = {
  '1 1': 'u8',
  '1 2': 's16le',
  '1 3': 's24le',
  '1 4': 's32le',
  '3 4': 'f32le',
  '3 8': 'f64le',
  '6 1': 'alaw',
  '7 1': 'mulaw',
}
const TAG_NAMES: Readonly<Record<number, string>> = { 1: 'PCM', 3: 'float', 6: 'A-law', 7: 'mu-law' }

/** First four bytes of a file; BW64 (ITU-R BS.2088) is RF64 with other chunks about the content of the channels. */
const [RIFF, RF64, BW64] = ['RIFF', 'RF64', 'BW64'] as const

/** @returns whether a WAV stream begins here; undefined when there are too few bytes to tell. */
export function beginsWav(bytes: Buffer): boolean | undefined {
  const isForm = startsLike(bytes, 0, RIFF) || startsLike(bytes, 0, RF64) || startsLike(bytes, 0, BW64)
  const isMaybe = isForm && startsLike(bytes, 8, 'WAVE')
  return isMaybe && bytes.length < 12 ? undefined : isMaybe
}

/** Hot path: compares without a string of the bytes. */
function startsLike(bytes: Buffer, at: number, name: string): boolean {
  const length = Math.min(name.length, bytes.length - at)
  for (let i = 0; i < length; i++) if (bytes[at + i] !== name.charCodeAt(i)) return false
  return true
}

/**
 * Reads the header that a stream begins with.
 * @returns undefined when more bytes are needed; a line with the reason when the header cannot be used.
 */
export function readWavHeader(bytes: Buffer): WavHeader | string | undefined {
  const begins = beginsWav(bytes)
  if (begins === false) return 'no RIFF header before the samples'
  let fmt: Buffer | undefined
  let longSize = Number.POSITIVE_INFINITY
  for (let at = 12; ; ) {
    if (at > MAX_HEADER_BYTES) return 'no samples within the first 64 KiB'
    if (begins === undefined || bytes.length < at + 8) return undefined
    const name = bytes.toString('latin1', at, at + 4)
    const size = bytes.readUInt32LE(at + 4)
    if (name === 'data') return describeFmt(fmt, at + 8, size >= UNKNOWN_FROM || size === 0 ? longSize : size)
    const next = at + 8 + size + (size & 1)
    if (next > MAX_HEADER_BYTES) return `a chunk "${name}" of ${size} bytes before the samples`
    if (bytes.length < next) return undefined
    if (name === 'fmt ') fmt = bytes.subarray(at + 8, at + 8 + size)
    if (name === 'ds64' && size >= 16) longSize = longDataBytes(bytes.readBigUInt64LE(at + 16))
    at = next
  }
}

function longDataBytes(size: bigint): number {
  return size === 0n || size > BigInt(Number.MAX_SAFE_INTEGER) ? Number.POSITIVE_INFINITY : Number(size)
}

/** @returns the content of a plain `fmt ` chunk. Numbers that do not fit are 0, which no format has. */
export function fmtOf(tag: number, channels: number, rate: number, bits: number): Buffer {
  const blockBytes = (channels * bits) / 8
  const isPossible = channels <= 1024 && rate >= 0 && rate * blockBytes < 2 ** 32
  const fmt = Buffer.alloc(FMT_MIN_BYTES)
  if (!isPossible) return fmt
  fmt.writeUInt16LE(tag, 0)
  fmt.writeUInt16LE(channels, 2)
  fmt.writeUInt32LE(rate, 4)
  fmt.writeUInt32LE(rate * blockBytes, 8)
  fmt.writeUInt16LE(blockBytes & 0xffff, 12)
  fmt.writeUInt16LE(bits & 0xffff, 14)
  return fmt
}

/** @param fmt the content of the `fmt ` chunk. @returns the header, or what is wrong with it. */
export function describeFmt(fmt: Buffer | undefined, bytes: number, dataBytes: number): WavHeader | string {
  if (fmt === undefined || fmt.length < FMT_MIN_BYTES) return 'no format before the samples'
  const plainTag = fmt.readUInt16LE(0)
  const tag = plainTag === EXTENSIBLE && fmt.length >= 26 ? fmt.readUInt16LE(24) : plainTag
  const [channels, rate, blockBytes] = [fmt.readUInt16LE(2), fmt.readUInt32LE(4), fmt.readUInt16LE(12)]
  if (TAG_NAMES[tag] === undefined) return `samples of WAV format ${tag}, which are not plain samples`
  if (channels === 0 || rate === 0 || blockBytes === 0) return 'a format without channels, rate or size of a sample'
  return { bytes, dataBytes, fmt, blockBytes, rate, channels, tag, bitsPerSample: fmt.readUInt16LE(14) }
}

/** Value of every byte of silence. */
export function silenceOf({ tag, bitsPerSample }: WavHeader): number {
  if (tag === PCM && bitsPerSample > 8) return 0
  const encoding = ONE_BYTE[tag]
  return encoding === undefined ? 0 : silentByteOf(encoding)
}

/**
 * Returns the format of the samples as they are in frames; undefined when it has no name. Samples with fewer bits than their
 * container are at its upper end.
 */
export function samplesIn({ tag, blockBytes, rate, channels }: WavHeader): PcmFormat | undefined {
  const encoding = ENCODINGS[`${tag} ${blockBytes / channels}`]
  return encoding && pcmFormat(encoding, rate, channels)
}

/** Properties that two streams must share for a player to continue from one to the other: `16 bit, 44100 Hz, stereo`. */
export function wavFormat({ tag, bitsPerSample, blockBytes, rate, channels }: WavHeader): string {
  const name = tag === PCM ? '' : `${TAG_NAMES[tag]} `
  const room = (blockBytes * 8) / channels
  const padding = room === bitsPerSample ? '' : ` in ${room}`
  return `${name}${bitsPerSample}${padding} bit, ${rate} Hz, ${channelsText(channels)}`
}
