/** Encodings of a sample that RIFF/WAVE can carry; all are little-endian. */
export type PcmEncoding = 'u8' | 's16le' | 's24le' | 's32le' | 'f32le' | 'f64le' | 'mulaw' | 'alaw'

/** Format of raw, interleaved samples. */
export interface PcmFormat {
  readonly encoding: PcmEncoding
  /** Samples of each channel per second. */
  readonly rate: number
  readonly channels: number
  /** Size of one sample of one channel, in bytes. */
  readonly bytesPerSample: number
  /** Size of one sample of every channel, in bytes: the stream may be cut only between such blocks. */
  readonly blockBytes: number
  /** Value of every byte of silence. */
  readonly silentByte: number
}

/** The name of a format of samples cannot be understood. The message is one line that says what would be right. */
export class PcmFormatError extends Error {
  override readonly name = 'PcmFormatError'
}

const BYTES_PER_SAMPLE: Readonly<Record<PcmEncoding, number>> = {
  u8: 1,
  s16le: 2,
  s24le: 3,
  s32le: 4,
  f32le: 4,
  f64le: 8,
  mulaw: 1,
  alaw: 1,
}

/** Encodings whose silence is not zero: the middle of unsigned samples, and the smallest positive value of ITU-T G.711. */
const SILENT_BYTES: Readonly<Partial<Record<PcmEncoding, number>>> = { u8: 0x80, mulaw: 0xff, alaw: 0xd5 }

/** Short names that arecord's `-f` has as well. */
const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ['cd', 's16le:44100:2'],
  ['dat', 's16le:48000:2'],
])

const RATE = { min: 1000, max: 768_000 }
const CHANNELS = { min: 1, max: 32 }
const BIG_ENDIAN = /^[suf](16|24|32|64)be$/

/**
 * Reads `cd`, `dat` or `FORMAT:RATE:CHANNELS`, such as `s16le:44100:2`.
 * @throws PcmFormatError when the text is none of them.
 */
export function parsePcmFormat(text: string): PcmFormat {
  const fields = (SHORT_NAMES.get(text) ?? text).split(':')
  const [name = '', rate = '', channels = ''] = fields
  if (fields.length !== 3) {
    throw new PcmFormatError(
      `"${text}" is not a sample format; use cd, dat or FORMAT:RATE:CHANNELS such as s16le:44100:2`,
    )
  }
  return pcmFormat(
    parseEncoding(name),
    parseCount(rate, 'rate', 'Hz', RATE),
    parseCount(channels, 'number of channels', '', CHANNELS),
  )
}

/** Returns the format of interleaved samples without padding. @param rate in Hz */
export function pcmFormat(encoding: PcmEncoding, rate: number, channels: number): PcmFormat {
  const bytesPerSample = BYTES_PER_SAMPLE[encoding]
  const blockBytes = bytesPerSample * channels
  return { encoding, rate, channels, bytesPerSample, blockBytes, silentByte: silentByteOf(encoding) }
}

/** Whether a value, such as one of a user's filter, is a format with consistent sizes. */
export function isPcmFormat(value: unknown): value is PcmFormat {
  if (typeof value !== 'object' || value === null) return false
  const { encoding, rate, channels } = value as Partial<Record<keyof PcmFormat, unknown>>
  if (typeof encoding !== 'string' || !isEncoding(encoding)) return false
  if (typeof rate !== 'number' || !(rate > 0)) return false
  if (typeof channels !== 'number' || !Number.isInteger(channels) || channels < 1) return false
  const { bytesPerSample, blockBytes } = pcmFormat(encoding, rate, channels)
  return (
    'bytesPerSample' in value &&
    value.bytesPerSample === bytesPerSample &&
    'blockBytes' in value &&
    value.blockBytes === blockBytes
  )
}

/** Value of every byte of silence. */
export function silentByteOf(encoding: PcmEncoding): number {
  return SILENT_BYTES[encoding] ?? 0
}

function parseEncoding(name: string): PcmEncoding {
  if (isEncoding(name)) return name
  const known = Object.keys(BYTES_PER_SAMPLE).join(', ')
  if (BIG_ENDIAN.test(name)) {
    throw new PcmFormatError(`samples in ${name} are big-endian, which WAV does not support; use ${known}`)
  }
  throw new PcmFormatError(`"${name}" is not a known sample format; use ${known}`)
}

function isEncoding(name: string): name is PcmEncoding {
  return Object.hasOwn(BYTES_PER_SAMPLE, name)
}

function parseCount(text: string, what: string, unit: string, { min, max }: { min: number; max: number }): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (count >= min && count <= max) return count
  throw new PcmFormatError(
    `the ${what} must be a whole number from ${min} to ${max}${unit && ` ${unit}`}, not "${text}"`,
  )
}
