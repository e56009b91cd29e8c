import { channelsText } from '../channels-text.ts'
import { oggFlacFormat, readStreamInfo, STREAMINFO_BYTES, type StreamInfo } from '../flac/streaminfo.ts'

/**
 * The properties of a logical stream in Ogg according to its first packet. Opus: RFC 7845 5.1. Vorbis: Vorbis I 4.2. FLAC:
 * "Ogg mapping" in RFC 9639 10.1.
 */
export interface OggCodec {
  readonly name: string
  /** Name of the codec in the `codecs` parameter of a media type (RFC 5334, RFC 7845); undefined for other codecs. */
  readonly mediaName: string | undefined
  /** Unit of granule positions, in Hz; 0 if unknown. */
  readonly rate: number
  /** Number of channels; 0 if unknown. */
  readonly channels: number
  /** Number of packets before the sound; undefined if unknown. */
  readonly headerPackets: number | undefined
  /** Only for FLAC. */
  readonly streamInfo?: StreamInfo
}

/**
 * Position of STREAMINFO in the first packet, in bytes: after the mapping's own 9 bytes, `fLaC` and the head of a metadata
 * block.
 */
const FLAC_STREAMINFO_AT = 17

const UNKNOWN: OggCodec = {
  name: 'of an unknown codec',
  mediaName: undefined,
  rate: 0,
  channels: 0,
  headerPackets: undefined,
}

/** @param packet the first packet, or its part in the first page. */
export function identify(packet: Buffer): OggCodec {
  if (begins(packet, 'OpusHead', 19)) {
    return { name: 'Opus', mediaName: 'opus', rate: 48_000, channels: packet.readUInt8(9), headerPackets: 2 }
  }
  if (begins(packet, '\x01vorbis', 30)) {
    const [channels, rate] = [packet.readUInt8(11), packet.readUInt32LE(12)]
    return { name: 'Vorbis', mediaName: 'vorbis', rate, channels, headerPackets: 3 }
  }
  if (streamInfoAt(packet) !== undefined) return identifyFlac(packet)
  return begins(packet, '\x80theora', 42) ? { ...UNKNOWN, name: 'Theora', headerPackets: 3 } : UNKNOWN
}

/** Describes a logical stream in one line, for the log. */
export function describeCodec({ name, rate, channels }: OggCodec): string {
  return rate === 0 ? name : `${name}, ${rate} Hz, ${channelsText(channels)}`
}

/** Describes the properties that two streams must have in common for a player to continue from one to the other. */
export function formatOfCodec(codec: OggCodec): string {
  return codec.streamInfo === undefined ? describeCodec(codec) : `FLAC, ${oggFlacFormat(codec.streamInfo)}`
}

/** Returns the position of STREAMINFO in a first packet of FLAC, in bytes; undefined for other codecs. */
export function streamInfoAt(packet: Buffer): number | undefined {
  return begins(packet, '\x7fFLAC', FLAC_STREAMINFO_AT + STREAMINFO_BYTES) ? FLAC_STREAMINFO_AT : undefined
}

function identifyFlac(packet: Buffer): OggCodec {
  const streamInfo = readStreamInfo(packet, FLAC_STREAMINFO_AT)
  const { rate, channels } = streamInfo
  const following = packet.readUInt16BE(7)
  const headerPackets = following === 0 ? undefined : 1 + following
  return { name: 'FLAC', mediaName: 'flac', rate, channels, headerPackets, streamInfo }
}

function begins(packet: Buffer, magic: string, bytes: number): boolean {
  return packet.length >= bytes && packet.toString('latin1', 0, magic.length) === magic
}
