import type { PcmEncoding, PcmFormat } from '../pcm-format.ts'

/**
 * The header of a WAV file without an end: Microsoft, "Multimedia Programming Interface and Data Specifications 1.0" (RIFF,
 * `fmt `, `fact`, `data`) and "Multiple channel audio data and WAVE files" (WAVE_FORMAT_EXTENSIBLE).
 */

/** Value of a size or count that is not known; ffmpeg writes the same into a pipe, and players then read to the end. */
const UNKNOWN = 0xffffffff

/** WAVE_FORMAT_PCM, _IEEE_FLOAT, _MULAW, _ALAW, _EXTENSIBLE. */
const PCM = 1
const TAGS: Readonly<Record<PcmEncoding, number>> = {
  u8: PCM,
  s16le: PCM,
  s24le: PCM,
  s32le: PCM,
  f32le: 3,
  f64le: 3,
  mulaw: 7,
  alaw: 6,
}
const EXTENSIBLE = 0xfffe

/** KSDATAFORMAT_SUBTYPE_*: these bytes after the two of the plain format tag. */
const SUBTYPE_REST = Buffer.from('000000001000800000aa00389b71', 'hex')

/**
 * Loudspeakers of the channels, by number of channels: mono, stereo, 3.0, quad, 5.0, 5.1, 6.1, 7.1. With more channels none is
 * assigned.
 */
const SPEAKERS = [0, 0x4, 0x3, 0x7, 0x33, 0x37, 0x3f, 0x70f, 0x63f]

/** @returns the header that makes an endless WAV stream of raw samples, for a listener to get before the first of them. */
export function endlessWavHeader(format: PcmFormat): Buffer {
  return endlessHeaderOf(formatFields(format))
}

/** @returns the header of an endless WAV stream whose `fmt ` chunk has this content. */
export function endlessHeaderOf(fmt: Buffer): Buffer {
  const tag = fmt.readUInt16LE(0) === EXTENSIBLE ? fmt.readUInt16LE(24) : fmt.readUInt16LE(0)
  const body = [chunk('fmt ', extended(fmt))]
  // All formats but plain PCM have a chunk with the number of samples.
  if (tag !== PCM) body.push(chunk('fact', uint32(UNKNOWN)))
  return Buffer.concat([
    Buffer.from('RIFF'),
    uint32(UNKNOWN),
    Buffer.from('WAVE'),
    ...body,
    Buffer.from('data'),
    uint32(UNKNOWN),
  ])
}

function formatFields(format: PcmFormat): Buffer {
  const tag = TAGS[format.encoding]
  const bits = format.bytesPerSample * 8
  const extensible = needsExtension(tag, bits, format.channels)
  const common = Buffer.concat([
    uint16(extensible ? EXTENSIBLE : tag),
    uint16(format.channels),
    uint32(format.rate),
    uint32(format.rate * format.blockBytes),
    uint16(format.blockBytes),
    uint16(bits),
  ])
  if (extensible) return Buffer.concat([common, extension(tag, bits, format.channels)])
  return tag === PCM ? common : Buffer.concat([common, uint16(0)])
}

/** Plain PCM is defined for one or two channels of 8 or 16 bits only. */
function needsExtension(tag: number, bits: number, channels: number): boolean {
  return channels > 2 || (tag === PCM && bits > 16)
}

/** Not every program that should write an extensible format does. */
function extended(fmt: Buffer): Buffer {
  const [tag, channels, bits] = [fmt.readUInt16LE(0), fmt.readUInt16LE(2), fmt.readUInt16LE(14)]
  const isPlain = tag !== EXTENSIBLE && bits * channels === fmt.readUInt16LE(12) * 8
  if (!isPlain || !needsExtension(tag, bits, channels)) return fmt
  return Buffer.concat([uint16(EXTENSIBLE), fmt.subarray(2, 16), extension(tag, bits, channels)])
}

/** Its own size, the bits in use, the loudspeakers, and the real format. */
function extension(tag: number, bits: number, channels: number): Buffer {
  return Buffer.concat([uint16(22), uint16(bits), uint32(SPEAKERS[channels] ?? 0), uint16(tag), SUBTYPE_REST])
}

function chunk(name: string, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from(name), uint32(content.length), content])
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
