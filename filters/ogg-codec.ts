import { channelsText } from './channels-text.ts'
import { oggFlacFormat, readStreamInfo, STREAMINFO_BYTES, type StreamInfo } from './flac-streaminfo.ts'

/**
 * What the first packet of a logical stream in Ogg says. Opus: RFC 7845 5.1. Vorbis: Vorbis I 4.2. FLAC: "Ogg mapping" in
 * RFC 9639 10.1.
 */
export interface OggCodec {
  readonly name: string
  /** Its name in the `codecs` of a media type (RFC 5334, RFC 7845); undefined for other codecs. */
  readonly mediaName: string | undefined
  /** Hz; what granule positions count. 0 when not known. */
  readonly rate: number
  /** 0 when not known. */
  readonly channels: number
  /** Packets in front of the sound; undefined when that is not known. */
  readonly headerPackets: number | undefined
  /** Of FLAC. */
  readonly streamInfo?: StreamInfo
}

/** After the mapping's own 9 bytes, `fLaC` and the head of a metadata block. */
const FLAC_STREAMINFO_AT = 17

const UNKNOWN: OggCodec = {
  name: 'of an unknown codec',
  mediaName: undefined,
  rate: 0,
  channels: 0,
  headerPackets: undefined,
}

/** @param packet the first packet, as long as it lies in the first page. */
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

/** One line about a logical stream, for the log. */
export function describeCodec({ name, rate, channels }: OggCodec): string {
  return rate === 0 ? name : `${name}, ${rate} Hz, ${channelsText(channels)}`
}

/** What a player that goes on from another stream must have in common with it. */
export function formatOfCodec(codec: OggCodec): string {
  return codec.streamInfo === undefined ? describeCodec(codec) : `FLAC, ${oggFlacFormat(codec.streamInfo)}`
}

/** Where the first packet of FLAC has its STREAMINFO, in bytes; undefined when it is of another codec. */
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
