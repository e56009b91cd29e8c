import { createRequire } from 'node:module'
import type { AACHeader, CodecFrame, MPEGHeader } from 'codec-parser'

const require = createRequire(import.meta.url)

/** Media types of the streams that can be described. */
export type DescribedType = 'audio/mpeg' | 'audio/aac'

/**
 * Describes frames: `MPEG-1 Layer III, 44100 Hz, joint stereo, 128 kbit/s`. codec-parser needs a second for a MiB of broken
 * bytes, so it should get a few kB only.
 * @param frames whole frames that follow one another, as they are in the stream.
 * @returns undefined when they cannot be described; never throws.
 */
export function describeFrames(type: DescribedType, frames: readonly Buffer[]): string | undefined {
  try {
    // Loaded with the first description, because it takes as long as half a start of Node.js.
    const { default: CodecParser } = require('codec-parser') as typeof import('codec-parser')
    const parser = new CodecParser<CodecFrame>(type, { enableFrameCRC32: false })
    const parsed = parser.parseAll(Buffer.concat(frames))
    const header = parsed[0]?.header
    if (header === undefined || !('protection' in header)) return undefined
    const parts = [codecName(header), `${header.sampleRate} Hz`, channelMode(header), bitRate(parsed)]
    return parts.join(', ')
  } catch {
    return undefined
  }
}

function codecName(header: MPEGHeader | AACHeader): string {
  if ('profile' in header) return `${header.mpegVersion} ${withoutRemark(header.profile)}`
  // "MPEG Version 1 (ISO/IEC 11172-3)"
  return `${withoutRemark(header.mpegVersion).replace('MPEG Version ', 'MPEG-')} ${header.layer}`
}

function channelMode(header: MPEGHeader | AACHeader): string {
  const mode = withoutRemark(header.channelMode).toLowerCase()
  return mode === 'monophonic' ? 'mono' : mode
}

/** Frames of a constant rate differ by their padding alone (ISO 11172-3 2.4.2.3), a byte or, in Layer I, four. */
function bitRate(frames: readonly CodecFrame[]): string {
  const sizes = frames.map((frame) => frame.data.length)
  const bits = sizes.reduce((sum, size) => sum + size, 0) * 8
  const ms = frames.reduce((sum, frame) => sum + frame.duration, 0)
  const constant = Math.max(...sizes) - Math.min(...sizes) <= 4
  return `${constant ? '' : 'about '}${Math.round(bits / ms)} kbit/s`
}

function withoutRemark(text: string): string {
  return text.replace(/ \(.*/, '')
}
