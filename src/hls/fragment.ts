import { box, boxHead, fullBox, uint32, uint64 } from './boxes.ts'
import { TRACK_ID } from './init-segment.ts'

/** One packet of a codec: a sample of the file format. */
export interface Packet {
  readonly bytes: Buffer
  /** Samples of each channel. */
  readonly samples: number
}

/** tfhd: positions count from the start of the fragment; and all packets have one duration. */
const FROM_FRAGMENT = 0x020000
const ONE_DURATION = 0x000008
/** trun: position of the first packet; duration and length of each. */
const POSITION = 0x000001
const DURATIONS = 0x000100
const LENGTHS = 0x000200
const MDAT_HEAD_BYTES = 8

/**
 * Returns a movie fragment (ISO/IEC 14496-12, section 8.8): always the same for the same packets at the same place.
 * @param sequence greater than that of the fragment before
 * @param time of the first sample, in samples
 */
export function fragment(sequence: number, time: number, packets: readonly Packet[]): readonly Buffer[] {
  const position = moof(sequence, time, packets, 0).length + MDAT_HEAD_BYTES
  const bytes = packets.map((packet) => packet.bytes)
  const length = bytes.reduce((sum, packet) => sum + packet.length, 0)
  return [moof(sequence, time, packets, position), boxHead('mdat', length), ...bytes]
}

function moof(sequence: number, time: number, packets: readonly Packet[], position: number): Buffer {
  const [duration = 0] = packets.map(({ samples }) => samples)
  const isUniform = packets.every(({ samples }) => samples === duration)
  const tfhd = isUniform
    ? fullBox('tfhd', 0, FROM_FRAGMENT | ONE_DURATION, uint32(TRACK_ID, duration))
    : fullBox('tfhd', 0, FROM_FRAGMENT, uint32(TRACK_ID))
  const tfdt = fullBox('tfdt', 1, 0, uint64(time))
  const entries = isUniform
    ? packets.map(({ bytes }) => bytes.length)
    : packets.flatMap(({ bytes, samples }) => [samples, bytes.length])
  const flags = POSITION | LENGTHS | (isUniform ? 0 : DURATIONS)
  const trun = fullBox('trun', 0, flags, uint32(packets.length, position, ...entries))
  return box('moof', fullBox('mfhd', 0, 0, uint32(sequence)), box('traf', tfhd, tfdt, trun))
}
