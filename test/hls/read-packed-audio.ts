import { adtsDurationUs, adtsFrameBytes } from '../../filters/aac/adts-header.ts'
import { mpegDurationUs, mpegFrameBytes } from '../../filters/mpeg/header.ts'

/** A tag in a segment of packed audio. */
interface PackedTag {
  /** Duration of the frames before it, in microseconds. */
  readonly us: number
  /** Of its PRIV frame, in ticks of 90 kHz. */
  readonly timestamp: number | undefined
  readonly title: string | undefined
}

/** A segment of packed audio (RFC 8216, section 3.4). */
export interface PackedAudio {
  readonly tags: readonly PackedTag[]
  readonly frames: readonly Buffer[]
  /** Of all frames, in microseconds. */
  readonly durationUs: number
}

const OWNER = Buffer.from('com.apple.streaming.transportStreamTimestamp\0')

/** Takes a segment apart. @throws at bytes that are neither a frame nor a tag */
export function readPackedAudio(bytes: Buffer): PackedAudio {
  const tags: PackedTag[] = []
  const frames: Buffer[] = []
  let us = 0
  for (let at = 0; at < bytes.length; ) {
    if (bytes.toString('latin1', at, at + 3) === 'ID3') {
      const end = at + 10 + sevenBits(bytes, at + 6)
      tags.push({ us, ...readTag(bytes.subarray(at, end)) })
      at = end
      continue
    }
    const mpeg = mpegFrameBytes(bytes, at)
    const length = mpeg || adtsFrameBytes(bytes, at)
    if (length === 0 || at + length > bytes.length) throw new Error(`no frame at ${at} of ${bytes.length} bytes`)
    frames.push(bytes.subarray(at, at + length))
    us += mpeg > 0 ? mpegDurationUs(bytes, at) : adtsDurationUs(bytes, at)
    at += length
  }
  return { tags, frames, durationUs: us }
}

/** Reads a whole ID3v2 tag. */
export function readTag(bytes: Buffer): Omit<PackedTag, 'us'> {
  const tag = bytes.subarray(10)
  let timestamp: number | undefined
  let title: string | undefined
  for (let at = 0; at < tag.length; ) {
    const end = at + 10 + sevenBits(tag, at + 4)
    const [id, content] = [tag.toString('latin1', at, at + 4), tag.subarray(at + 10, end)]
    if (id === 'PRIV' && content.subarray(0, OWNER.length).equals(OWNER)) {
      timestamp = Number(content.readBigUInt64BE(OWNER.length))
    }
    if (id === 'TIT2') title = content.toString('utf8', 1)
    at = end
  }
  return { timestamp, title }
}

function sevenBits(bytes: Buffer, at: number): number {
  return bytes.subarray(at, at + 4).reduce((sum, byte) => sum * 128 + byte, 0)
}
