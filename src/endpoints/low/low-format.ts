import type { PcmEncoding, PcmFormat } from '../../../filters/pcm-format.ts'
import { readWavHeader, type WavHeader } from '../../../filters/wav/riff.ts'
import type { ServedStream } from '../../stream/served-stream.ts'
import type { LowFormat } from './low-messages.ts'

/** Encodings by WAV format tag and bits per sample; see riff.ts. */
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

/** Whether a stream's frames may be samples of a known format, as far as is known before the first frame. */
export function mayHaveSamples({ isRaw, contentType }: ServedStream, samples: PcmFormat | undefined): boolean {
  return contentType === undefined || contentType === 'audio/wav' || (isRaw && samples !== undefined)
}

/**
 * Returns the format of a stream's samples; undefined when it is not known.
 * @param samples format of raw frames @param before bytes sent before a listener's first frame: for WAV, the header
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

/** Returns undefined for samples that are padded to more bytes than they need; these are not supported here. */
function encodingOf({ tag, blockBytes, channels, bitsPerSample }: WavHeader): PcmEncoding | undefined {
  return blockBytes * 8 === channels * bitsPerSample ? ENCODINGS.get(`${tag}:${bitsPerSample}`) : undefined
}
