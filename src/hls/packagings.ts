import type { Epoch } from '../stream/epoch.ts'
import type { Packaging, SegmentFrames } from './packaging.ts'

/** The beginning of an epoch, by which its packaging is chosen. */
export interface EpochBeginning {
  readonly format: Epoch['format']
  /** Bytes that a listener gets who joins at the first frame. */
  readonly preamble: Buffer
  /** The first frame. */
  readonly first: Buffer
}

/** Frames that cannot be packed. */
export interface NotPackable {
  /** In one line: why, and what would be right. */
  readonly reason: string
}

/** Ticks of a transport stream's clock in a microsecond: it has 90 kHz. */
const TICKS_PER_US = 0.09
const TIMESTAMP_BITS = 33n
const OWNER = 'com.apple.streaming.transportStreamTimestamp\0'

/** Returns the packaging of an epoch; what a format needs is loaded with its first epoch. */
export async function packagingOf({ format }: EpochBeginning): Promise<Packaging | NotPackable> {
  if (format.samples !== undefined) return { reason: 'samples need an encoder for HLS, such as ffmpeg or lame' }
  if (format.contentType !== 'audio/mpeg') return { reason: `${format.name} cannot be sent as HLS` }
  return {
    extension: 'mp3',
    contentType: 'audio/mpeg',
    codecs: 'mp4a.40.34',
    init: undefined,
    pack: ({ frames, us }: SegmentFrames) => Buffer.concat([timestampTag(us), ...frames]),
  }
}

/** ID3 tag with the time of the first sample (RFC 8216, section 3.4). */
function timestampTag(us: number): Buffer {
  const data = Buffer.alloc(OWNER.length + 8)
  data.write(OWNER, 'latin1')
  data.writeBigUInt64BE(BigInt.asUintN(Number(TIMESTAMP_BITS), BigInt(Math.round(us * TICKS_PER_US))), OWNER.length)
  const frame = Buffer.alloc(10)
  frame.write('PRIV', 'latin1')
  frame.writeUInt32BE(data.length, 4)
  const head = Buffer.from([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, frame.length + data.length])
  return Buffer.concat([head, frame, data])
}
