import { box, uint16, uint32 } from './boxes.ts'
import { fmp4Packaging } from './fmp4.ts'
import { firstPacket, oggPackets } from './ogg-packets.ts'
import type { Packaging } from './packaging.ts'

const RATE = 48_000
/** Fields of OpusHead (RFC 7845, section 5.1). */
const CHANNELS_AT = 9
const PRE_SKIP_AT = 10
const INPUT_RATE_AT = 12
const GAIN_AT = 16
const MAPPING_AT = 18

/**
 * Returns the packaging of Opus in Ogg ("Encapsulation of Opus in ISO Base Media File Format"); undefined: its head is not known.
 * @param preamble of the first page @param first page
 */
export function oggOpus(preamble: Buffer, first: Buffer): Packaging | undefined {
  const head = firstPacket(Buffer.concat([preamble, first]))
  if (head === undefined) return undefined
  const channels = head.readUInt8(CHANNELS_AT)
  const track = { type: 'Opus', rate: RATE, channels, bitsPerSample: 16, configuration: configurationOf(head) }
  return fmp4Packaging(track, 'opus', (segment) =>
    oggPackets(segment).map((bytes) => ({ bytes, samples: opusSamples(bytes) })),
  )
}

/** The fields of OpusHead, big-endian. */
function configurationOf(head: Buffer): Buffer {
  const preSkip = uint16(head.readUInt16LE(PRE_SKIP_AT))
  const inputRate = uint32(head.readUInt32LE(INPUT_RATE_AT))
  const gain = uint16(head.readUInt16LE(GAIN_AT))
  const mapping = head.subarray(MAPPING_AT)
  return box('dOps', Buffer.from([0, head.readUInt8(CHANNELS_AT)]), preSkip, inputRate, gain, mapping)
}

/** Returns the number of samples in a packet (RFC 6716, section 3.1); 0 when it is not one. */
function opusSamples(packet: Buffer): number {
  const [toc, second] = packet
  if (toc === undefined) return 0
  const code = toc & 3
  const frames = code === 0 ? 1 : code < 3 ? 2 : (second ?? 0) & 0x3f
  return frames * frameSamples(toc >> 3)
}

/** Durations by configuration: SILK, hybrid and CELT, in samples. */
function frameSamples(configuration: number): number {
  if (configuration < 12) return [480, 960, 1920, 2880][configuration & 3] ?? 0
  return configuration < 16 ? 480 << (configuration & 1) : 120 << (configuration & 3)
}
