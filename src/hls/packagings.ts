import { adtsObjectType, adtsRate } from '../../filters/aac/adts-header.ts'
import { readMpegHeader } from '../../filters/mpeg/header.ts'
import type { Epoch } from '../stream/epoch.ts'
import type { Packaging } from './packaging.ts'
import { aacPackaging, MP3_PACKAGING } from './packed-audio.ts'

/** The beginning of an epoch, by which its packaging is chosen. */
export interface EpochBeginning {
  readonly format: Epoch['format']
  /** Preamble of a listener that joins at the first frame. */
  readonly preamble: Buffer
  /** The first frame. */
  readonly first: Buffer
}

/** Frames that cannot be packed. */
export interface NotPackable {
  /** In one line: why, and what would be right. */
  readonly reason: string
}

const ENCODER = 'an encoder in the source, such as ffmpeg or lame, would make MP3, AAC or Opus of it'

type Choose = (beginning: EpochBeginning) => Packaging | undefined | Promise<Packaging | undefined>

/** By media type, without parameters but the codec of Ogg. */
const CHOICES: ReadonlyMap<string, Choose> = new Map<string, Choose>([
  ['audio/mpeg', ({ first }) => ((readMpegHeader(first, 0)?.layer ?? 3) === 3 ? MP3_PACKAGING : undefined)],
  ['audio/aac', ({ first }) => aacPackaging(codecsOfAdts(first))],
  ['audio/flac', async ({ preamble }) => (await import('./flac-packaging.ts')).nativeFlac(preamble)],
  ['audio/ogg; codecs=flac', async (ogg) => (await import('./flac-packaging.ts')).oggFlac(ogg.preamble, ogg.first)],
  ['audio/ogg; codecs=opus', async (ogg) => (await import('./opus-packaging.ts')).oggOpus(ogg.preamble, ogg.first)],
])

/** Returns the packaging of an epoch; what a format needs is loaded with its first epoch. */
export async function packagingOf(beginning: EpochBeginning): Promise<Packaging | NotPackable> {
  const { format } = beginning
  if (format.samples !== undefined) return { reason: `HLS has no segments of samples; ${ENCODER}` }
  const packaging = await CHOICES.get(format.contentType ?? '')?.(beginning)
  return packaging ?? { reason: `HLS has no segments of ${format.name}; ${ENCODER}` }
}

/** Maximum sampling rate in the headers of HE-AAC, in Hz; see ISO 14496-3 4.5.2.8. */
const MAX_HE_AAC_RATE = 24_000

/**
 * Returns the value of CODECS. Headers do not distinguish HE-AAC from AAC LC at a low rate: decoders of HE-AAC also play the latter.
 */
function codecsOfAdts(frame: Buffer): string {
  const profile = adtsObjectType(frame, 0)
  if (profile === 'LC') return adtsRate(frame, 0) <= MAX_HE_AAC_RATE ? 'mp4a.40.5' : 'mp4a.40.2'
  return { Main: 'mp4a.40.1', SSR: 'mp4a.40.3', LTP: 'mp4a.40.4' }[profile]
}
