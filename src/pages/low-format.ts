import type { PcmEncoding, PcmFormat } from '../../filters/pcm-format.ts'
import { readWavHeader, type WavHeader } from '../../filters/riff.ts'
import type { ServedStream } from '../stream/served-stream.ts'
import type { LowFormat } from './low-messages.ts'

/** By format tag and bits of a sample; see riff.ts. */
const ENCODINGS: ReadonlyMap<string, PcmEncoding> = new Map([
  ['1:8', 'u8'],
  ['1:16', 's16le'],
  ['1:24', 's24le'],
  ['1:32', 's32le'],
  ['3:32', 'f32le'],
  ['3:64', 'f64le'],
  ['6:8', 'alaw'],
  ['7:8', 'mulaw'],
])

/** Whether a stream's frames are samples that are known, as far as that can be told before there is one. */
export function mayHaveSamples({ isRaw, contentType }: ServedStream, samples: PcmFormat | undefined): boolean {
  return contentType === undefined || contentType === 'audio/wav' || (isRaw && samples !== undefined)
}

/**
 * What the samples of a stream are.
 * @param samples of raw frames @param before what goes before a listener's first frame: of WAV, its header
 * @returns undefined when they are not known
 */
export function formatOf(
  { isRaw, header }: ServedStream,
  samples: PcmFormat | undefined,
  before: Buffer,
): LowFormat | undefined {
  if (!isRaw) return formatInWav(before.subarray(header.length))
  return samples && { encoding: samples.encoding, rate: samples.rate, channels: samples.channels }
}

function formatInWav(bytes: Buffer): LowFormat | undefined {
  const found = readWavHeader(bytes)
  if (found === undefined || typeof found === 'string') return undefined
  const encoding = encodingOf(found)
  return encoding && { encoding, rate: found.rate, channels: found.channels }
}

/** Samples in more room than they need are left to others. */
function encodingOf({ tag, blockBytes, channels, bitsPerSample }: WavHeader): PcmEncoding | undefined {
  return blockBytes * 8 === channels * bitsPerSample ? ENCODINGS.get(`${tag}:${bitsPerSample}`) : undefined
}
