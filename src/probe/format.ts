import type { FrameFilter } from '../../filters/frame-filter.ts'
import { formatText } from '../stream/format-text.ts'
import type { Reception } from './reception.ts'

/** Format of a stream. */
export interface Format {
  /** For display, with the measured bit rate: `MP3, 128 kbit/s, 44.1 kHz, stereo`. */
  readonly text: string
  readonly codec: string
  readonly sampleRateHz: number | undefined
  readonly channels: number | undefined
  /** Mean over all frames whose duration is known, in kbit/s. */
  readonly bitRateKbps: number | undefined
}

/** Returns the format of what has been received. */
export function formatOf({ filter, timedBytes, buffer }: Reception): Format {
  const soundMs = buffer?.soundMs ?? 0
  const bitRateKbps = soundMs > 0 ? (timedBytes * 8) / soundMs : undefined
  const described = descriptionOf(filter)
  const [codec = '', ...parts] = formatText(described, undefined)
    .split(', ')
    .filter((part) => !part.endsWith('kbit/s'))
  const rate = bitRateKbps === undefined ? [] : [`${bitRateKbps.toFixed(bitRateKbps < 10 ? 1 : 0)} kbit/s`]
  return {
    text: [codec, ...rate, ...parts].join(', '),
    codec,
    sampleRateHz: numberIn(/(\d+) Hz/.exec(described)),
    channels: channelsIn(described),
    bitRateKbps,
  }
}

function descriptionOf({ description, format, contentType }: FrameFilter): string {
  return description ?? format ?? contentType ?? ''
}

function channelsIn(description: string): number | undefined {
  if (/\bmono\b/.test(description)) return 1
  if (/\b(?:stereo|dual channel)\b/.test(description)) return 2
  return numberIn(/(\d+) channels/.exec(description))
}

function numberIn(found: RegExpExecArray | null): number | undefined {
  return found === null ? undefined : Number(found[1])
}
