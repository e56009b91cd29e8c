/**
 * The header of an MPEG audio frame: ISO 11172-3 2.4.1.3 and 2.4.2.3 (MPEG-1), ISO 13818-3 2.4.2.3 (MPEG-2, half the
 * sampling rates); MPEG-2.5 (a quarter of them) is Fraunhofer's extension, which every decoder supports.
 *
 * ```
 *   11111111 111VVLLP BBBBRR+x MMEEcoee
 *   V version, L layer, P no CRC, B bit rate, R rate, + padding, x private, M mode, E mode extension,
 *   c copyright, o original, e emphasis
 * ```
 *
 * A stream without sync is searched for a header at nearly every byte, so the result of the search is a number from a
 * precomputed table and never an object.
 */

/** Length of the header, in bytes. */
export const MPEG_HEADER_BYTES = 4

/** Maximum length of a frame, in bytes: MPEG-2.5 Layer II at 160 kbit/s and 8000 Hz, padded. */
export const MPEG_MAX_FRAME_BYTES = 2881

/** The decoded fields of a header. */
export interface MpegHeader {
  readonly version: 1 | 2 | 2.5
  readonly layer: 1 | 2 | 3
  /** Sampling rate, in Hz. */
  readonly rate: number
  /** Bit rate, in kbit/s. */
  readonly kbitPerSecond: number
  readonly channels: 1 | 2
  /** A checksum of two bytes follows the header. */
  readonly crc: boolean
  /** Length of the frame, header included, in bytes. */
  readonly bytes: number
  /** Samples of each channel in the frame. */
  readonly samples: number
}

/** Indexed by the version bits. Each version's sampling rates are those of MPEG-1, divided. */
const VERSIONS = [
  { version: 2.5, divisor: 4 },
  undefined,
  { version: 2, divisor: 2 },
  { version: 1, divisor: 1 },
] as const
const LAYERS = [undefined, 3, 2, 1] as const
const MPEG_1_RATES = [44100, 48000, 32000]

/**
 * Bit rates in kbit/s, for the header's indexes from 1 on. Index 0 means free format, which is refused, and 15 is
 * forbidden.
 */
const KBIT = {
  mpeg1: {
    1: [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    2: [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    3: [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  },
  mpeg2: {
    1: [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    2: [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    3: [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  },
} as const

/** Frame length without padding, in bytes, by the bits VVLLBBBBRR; 0 for combinations that are not allowed. */
const FRAME_BYTES = Uint16Array.from({ length: 1024 }, (_, bits) => {
  const kind = kindOf(bits >> 6, bits & 3)
  const kbit = kind && kbitOf(kind.version, kind.layer, (bits >> 2) & 15)
  if (!kind || !kbit) return 0
  const slots = Math.floor((kind.samples / 8 / slotBytes(kind.layer)) * ((kbit * 1000) / kind.rate))
  return slots * slotBytes(kind.layer)
})

/** Duration of a frame, in microseconds, by the bits VVLLRR. */
const DURATION_US = Float64Array.from({ length: 64 }, (_, bits) => {
  const kind = kindOf(bits >> 2, bits & 3)
  return kind ? (kind.samples * 1e6) / kind.rate : 0
})

function kindOf(versionAndLayer: number, rateIndex: number) {
  const family = VERSIONS[versionAndLayer >> 2]
  const layer = LAYERS[versionAndLayer & 3]
  const rate = MPEG_1_RATES[rateIndex]
  if (!family || !layer || !rate) return undefined
  const samples = layer === 1 ? 384 : layer === 3 && family.version !== 1 ? 576 : 1152
  return { version: family.version, layer, rate: rate / family.divisor, samples }
}

/** Length of the padding, in bytes: ISO 11172-3 2.4.2.1 counts Layer I in slots of four bytes. */
function slotBytes(layer: 1 | 2 | 3): number {
  return layer === 1 ? 4 : 1
}

function kbitOf(version: 1 | 2 | 2.5, layer: 1 | 2 | 3, index: number): number | undefined {
  return (version === 1 ? KBIT.mpeg1 : KBIT.mpeg2)[layer][index - 1]
}

/**
 * @param at the index in `bytes` of the possible header.
 * @returns the length of the frame, header included, in bytes; 0 if no header is found.
 */
export function mpegFrameBytes(bytes: Buffer, at: number): number {
  const second = bytes[at + 1] ?? 0
  const third = bytes[at + 2] ?? 0
  if (bytes[at] !== 0xff || second < 0xe0) return 0
  // An emphasis of 2 is reserved.
  if (((bytes[at + 3] ?? 0) & 0x03) === 0x02) return 0
  const unpadded = FRAME_BYTES[((second & 0x1e) << 5) | (third >> 2)] ?? 0
  if (unpadded === 0 || (third & 0x02) === 0) return unpadded
  return unpadded + ((second & 0x06) === 0x06 ? 4 : 1)
}

/**
 * Reads the properties that all frames of one encoding share: version, layer, rate, and whether they are mono. The bit rate
 * and the stereo mode may change from frame to frame.
 * @param at the index in `bytes` of a header.
 * @returns a number to compare with that of another header.
 */
export function mpegKind(bytes: Buffer, at: number): number {
  const mono = (bytes[at + 3] ?? 0) >= 0xc0 ? 1 : 0
  return ((bytes[at + 1] ?? 0) & 0x1e) | (((bytes[at + 2] ?? 0) & 0x0c) << 8) | mono
}

/**
 * @param at the index in `bytes` of a header.
 * @returns the duration of the frame, in microseconds.
 */
export function mpegDurationUs(bytes: Buffer, at: number): number {
  return DURATION_US[(((bytes[at + 1] ?? 0) & 0x1e) << 1) | (((bytes[at + 2] ?? 0) >> 2) & 3)] ?? 0
}

/**
 * Sets, in place, the smallest bit rate and padding with which a frame has at least `bytes` bytes.
 * @returns false if no frame of the header's kind is so large; it then has the largest ones.
 */
export function enlargeFrame(header: Buffer, bytes: number): boolean {
  const others = (header[2] ?? 0) & 0x0d
  for (let size = 2; size < 30; size++) {
    const bitRateIndex = size >> 1
    const padding = size & 1
    header.writeUInt8((bitRateIndex << 4) | others | (padding << 1), 2)
    if (mpegFrameBytes(header, 0) >= bytes) return true
  }
  return false
}

/**
 * Decodes all fields of a header. Not for hot paths.
 * @param at the index in `bytes` of the possible header.
 * @returns undefined if no header is found.
 */
export function readMpegHeader(bytes: Buffer, at: number): MpegHeader | undefined {
  const length = mpegFrameBytes(bytes, at)
  const second = bytes[at + 1] ?? 0
  const third = bytes[at + 2] ?? 0
  const kind = kindOf((second >> 1) & 15, (third >> 2) & 3)
  if (length === 0 || !kind) return undefined
  return {
    ...kind,
    kbitPerSecond: kbitOf(kind.version, kind.layer, third >> 4) ?? 0,
    channels: (bytes[at + 3] ?? 0) >= 0xc0 ? 1 : 2,
    crc: (second & 0x01) === 0,
    bytes: length,
  }
}
