import type { PcmFormat } from '../../../filters/pcm-format.ts'
import { kbpsOf } from '../../stream/bit-rate.ts'
import type { Stream } from '../../stream/stream.ts'

/** Properties of sound; undefined: not known. */
export interface SoundProperties {
  /** Bit rate, in kbit/s. */
  readonly kbps: number | undefined
  /** Hz. */
  readonly rate: number | undefined
  readonly channels: number | undefined
}

/**
 * The frames decide; where they do not show a property, the publisher does.
 * @param audioInfo of the publisher. @param samples format of raw samples
 */
export function soundProperties(
  { ring, format }: Pick<Stream, 'ring' | 'format'>,
  audioInfo: string | undefined,
  samples: PcmFormat | undefined,
): SoundProperties {
  const stated = statedIn(audioInfo)
  return {
    kbps: kbpsOf(ring) ?? stated('bitrate'),
    rate: samples?.rate ?? rateIn(format) ?? stated('samplerate'),
    channels: samples?.channels ?? channelsIn(format) ?? stated('channels'),
  }
}

/** @param format as a filter describes it: `MPEG-1 Layer III, 44100 Hz, joint stereo, 128 kbit/s` */
function rateIn(format = ''): number | undefined {
  return positive(/, (\d+) Hz\b/.exec(format)?.[1])
}

function channelsIn(format = ''): number | undefined {
  if (/, mono\b/.test(format)) return 1
  if (/, (?:joint )?stereo\b|, dual channel\b/.test(format)) return 2
  return positive(/, (\d+) channels\b/.exec(format)?.[1])
}

/** Reads `ice-audio-info`: `bitrate=128;channels=2` or `ice-bitrate=128;ice-channels=2`. */
function statedIn(audioInfo = ''): (name: string) => number | undefined {
  const pairs = audioInfo.split(';').map((pair) => pair.trim().replace(/^ice-/i, '').split('='))
  return (name) => positive(pairs.find(([key]) => key?.toLowerCase() === name)?.[1])
}

function positive(digits: string | undefined): number | undefined {
  const number = /^\d{1,9}$/.test(digits ?? '') ? Number(digits) : 0
  return number > 0 ? number : undefined
}
