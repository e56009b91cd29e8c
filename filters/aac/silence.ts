import type { Frame } from '../frame-filter.ts'
import {
  ADTS_HEADER_BYTES,
  adtsChannelConfiguration,
  adtsDurationUs,
  adtsFrameBytes,
  adtsObjectType,
  adtsRate,
} from './adts-header.ts'

/**
 * Silent frames of AAC: a raw data block (ISO 14496-3 4.4.2.1) whose channels have no scale factor bands. Elements are
 * written as binary digits, in the order of the standard.
 */

/** ics_info: reserved bit, a long window, of the sine shape, max_sfb 0, no prediction. */
const ICS_INFO = '0 00 0 000000 0'
/** individual_channel_stream: global_gain. With max_sfb 0, neither sections nor scale factors nor spectral data follow. */
const GAIN = '00000000'
/** Heartbeat data, temporal noise shaping, gain control: none. */
const NO_TOOLS = '0 0 0'
const CHANNEL = `${GAIN} ${ICS_INFO} ${NO_TOOLS}`

/** Element tags: of the first, second and third element of the same type. */
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
 * Maximum sampling rate at which a stream may be HE-AAC, in Hz; no silence is made for these streams. HE-AAC keeps the
 * upper half of its sound where only a full decoder finds it, and if it is missing, decoders repeat the last one: faad
 * plays a loud buzz. So what silence would sound like is unknown.
 */
const MAX_HE_AAC_RATE = 24000

/**
 * @param last a frame, which may contain any bytes.
 * @returns silence that can follow it; undefined if `last` is not an ADTS frame or may be HE-AAC, if its channels are
 * listed in the frames, or if it uses the scalable sampling rate profile, which hardly any decoder supports.
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
  // The copyright bits of the sound do not apply to silence. The bits after the length mean: variable bit rate, one block.
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
