import {
  ADTS_HEADER_BYTES,
  adtsChannelConfiguration,
  adtsDurationUs,
  adtsFrameBytes,
  adtsObjectType,
  adtsRate,
} from './adts-header.ts'
import type { Frame } from './frame-filter.ts'

/**
 * Silence in AAC: a raw data block (ISO 14496-3 4.4.2.1) whose channels have no scale factor band. Elements are written down as
 * digits of bits, in the order of the standard.
 */

/** ics_info: reserved bit, a long window, of the sine shape, max_sfb 0, no prediction. */
const ICS_INFO = '0 00 0 000000 0'
/** individual_channel_stream: global_gain. With max_sfb 0, neither sections nor scale factors nor spectral data follow. */
const GAIN = '00000000'
/** Pulse data, temporal noise shaping, gain control: none. */
const NO_TOOLS = '0 0 0'
const CHANNEL = `${GAIN} ${ICS_INFO} ${NO_TOOLS}`

/** By the number of the element that is the first of its sort, the second, the third. */
const TAGS = ['0000', '0001', '0010']
const [SINGLE, SECOND_SINGLE] = TAGS.map((tag) => `000 ${tag} ${CHANNEL}`)
/** common_window, and no mid/side stereo. */
const [PAIR, SECOND_PAIR, THIRD_PAIR] = TAGS.map(
  (tag) => `001 ${tag} 1 ${ICS_INFO} 00 ${GAIN} ${NO_TOOLS} ${GAIN} ${NO_TOOLS}`,
)
const LOW_FREQUENCIES = `011 0000 ${CHANNEL}`
const END = '111'

/** Elements by channel configuration (ISO 14496-3 table 1.19). */
const ELEMENTS = [
  undefined,
  [SINGLE],
  [PAIR],
  [SINGLE, PAIR],
  [SINGLE, PAIR, SECOND_SINGLE],
  [SINGLE, PAIR, SECOND_PAIR],
  [SINGLE, PAIR, SECOND_PAIR, LOW_FREQUENCIES],
  [SINGLE, PAIR, SECOND_PAIR, THIRD_PAIR, LOW_FREQUENCIES],
]
const BLOCKS = ELEMENTS.map((elements) => elements && bytesOf([...elements, END].join('')))

/**
 * HE-AAC keeps the upper half of its sound where only a whole decoder finds it, and when it is missing, decoders go on with the
 * last one: faad makes a loud buzz of it. So up to this sampling rate, in Hz, there is no telling what silence would sound like.
 */
const MAX_HE_AAC_RATE = 24000

/**
 * @param last a frame; any bytes will do.
 * @returns silence that goes with it; undefined when `last` is no ADTS frame or may be HE-AAC, when its channels are listed in the
 * frames, or when it is of the scalable sampling rate profile, which hardly any decoder knows.
 */
export function silentAdtsFrame(last: Buffer): Frame | undefined {
  const frameBytes = adtsFrameBytes(last, 0)
  if (frameBytes === 0 || frameBytes !== last.length) return undefined
  if (adtsRate(last, 0) <= MAX_HE_AAC_RATE || adtsObjectType(last, 0) === 'SSR') return undefined
  const block = BLOCKS[adtsChannelConfiguration(last, 0)]
  if (block === undefined) return undefined
  const bytes = Buffer.concat([last.subarray(0, ADTS_HEADER_BYTES), block])
  const { length } = bytes
  bytes.writeUInt8((last[1] ?? 0) | 0x01, 1)
  // The copyright of the sound is none of silence's. The bits behind the length say: the bit rate varies; one block.
  bytes.writeUInt8(((last[3] ?? 0) & 0xf0) | (length >> 11), 3)
  bytes.writeUInt8((length >> 3) & 0xff, 4)
  bytes.writeUInt16BE(((length & 7) << 13) | 0x1ffc, 5)
  return { bytes, durationUs: adtsDurationUs(bytes, 0) }
}

function bytesOf(digits: string): Buffer {
  const bits = digits.replaceAll(' ', '')
  return Buffer.from(Array.from({ length: Math.ceil(bits.length / 8) }, (_, i) => byteOf(bits.slice(i * 8, i * 8 + 8))))
}

function byteOf(bits: string): number {
  return Number.parseInt(bits.padEnd(8, '0'), 2)
}
