import { channelsText } from '../../filters/channels-text.ts'
import type { PcmFormat } from '../../filters/pcm-format.ts'

/** Common names of codecs. */
const NAMES: ReadonlyMap<RegExp, string> = new Map([
  [/^MPEG-\S+ Layer III$/, 'MP3'],
  [/^MPEG-\S+ Layer II$/, 'MP2'],
  [/^MPEG-\d AAC\b/, 'AAC'],
])

const SAMPLES: Readonly<Record<PcmFormat['encoding'], string>> = {
  u8: '8 bit',
  s16le: '16 bit',
  s24le: '24 bit',
  s32le: '32 bit',
  f32le: '32 bit float',
  f64le: '64 bit float',
  mulaw: 'µ-law',
  alaw: 'A-law',
}

/**
 * Formats a stream's format for listeners.
 * @param format as the filter reports it, such as `MPEG-1 Layer III, 44100 Hz, joint stereo, 128 kbit/s`.
 * @returns a text such as `MP3, 128 kbit/s, 44.1 kHz, stereo`; empty when the format is unknown
 */
export function formatText(format: string | undefined, samples: PcmFormat | undefined): string {
  if (samples !== undefined) return samplesText(samples)
  if (format === undefined) return ''
  const [codec = '', ...parts] = format.split(', ').map(partText)
  const rates = parts.filter((part) => part.endsWith('kbit/s'))
  return [codec, ...rates, ...parts.filter((part) => !rates.includes(part))].join(', ')
}

function partText(part: string): string {
  for (const [pattern, name] of NAMES) if (pattern.test(part)) return name
  return part.replace('joint stereo', 'stereo').replace(/^(\d+) Hz$/, (_, rate: string) => rateText(Number(rate)))
}

function samplesText({ encoding, rate, channels }: PcmFormat): string {
  return ['PCM', SAMPLES[encoding], rateText(rate), channelsText(channels)].join(', ')
}

function rateText(rate: number): string {
  return `${rate / 1000} kHz`
}
