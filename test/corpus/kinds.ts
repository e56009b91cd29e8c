import {
  type Decoder,
  faad,
  ffmpegAac,
  ffmpegFlac,
  ffmpegLayer2,
  ffmpegMp3,
  ffmpegOgg,
  ffmpegWav,
  flacAlone,
  flacInOgg,
  madplay,
  mpg123,
  oggdec,
  opusdec,
} from '../decode/decoders.ts'
import { needs } from '../programs.ts'
import type { AllowedDifference } from './match.ts'
import type { Sample } from './sample.ts'

/** How sound of one kind is judged. */
export interface Kind {
  readonly decoders: readonly Decoder[]
  readonly allowance: AllowedDifference
  /** Decoders make noise that is another each time: a listener that joins late hears what the frames are, not these samples. */
  readonly isRandom?: boolean
  /** Pages of Ogg, of which a decoder may take seconds to settle after a join. The listener's pages are compared then. */
  readonly settlesSlowly?: boolean
  /** Listeners get another container than the file's. */
  readonly isRewritten?: boolean
}

/** Samples of two channels. */
const stereo = (samples: number) => 2 * samples
const EXACT: AllowedDifference = { settling: 0, added: 0, lead: 0, tolerance: 0 }
/**
 * Decoders cut off by LAME's tag what the encoder has added: a decoder's delay, and up to two frames. Some decoders play the frame
 * that has this tag, which listeners do not get, as silence.
 */
const MPEG: AllowedDifference = { ...EXACT, settling: stereo(3 * 1152), added: stereo(3 * 1152), lead: stereo(1152) }
/** A frame overlaps with the next one, and twice as much with SBR. */
const AAC: AllowedDifference = { ...EXACT, settling: stereo(4 * 2048) }
/** Two of the largest blocks. */
const VORBIS: AllowedDifference = { ...EXACT, settling: stereo(2 * 8192) }
/** RFC 7845 4.6: a decoder comes near to where others are, and never quite there. */
const OPUS: AllowedDifference = { ...EXACT, settling: stereo(24_000), tolerance: 2 }

/** Speex, and what else ffmpeg knows in Ogg. */
const OTHER_OGG: AllowedDifference = { ...EXACT, settling: stereo(8192) }

const KINDS: readonly (readonly [contentType: RegExp, description: RegExp, Kind])[] = [
  [/^audio\/mpeg/, /Layer II\b/, { decoders: [ffmpegLayer2, mpg123, madplay], allowance: MPEG }],
  [/^audio\/mpeg/, /./, { decoders: [ffmpegMp3, mpg123, madplay], allowance: MPEG }],
  [/^audio\/aac/, /./, { decoders: [ffmpegAac, faad], allowance: AAC, isRandom: true }],
  [/^audio\/flac/, /./, { decoders: [ffmpegFlac, flacAlone], allowance: EXACT }],
  [/^audio\/wav/, /./, { decoders: [ffmpegWav], allowance: EXACT, isRewritten: true }],
  [/ogg/, /Opus/, { decoders: [ffmpegOgg, opusdec], allowance: OPUS, settlesSlowly: true }],
  [/ogg/, /Vorbis/, { decoders: [ffmpegOgg, oggdec], allowance: VORBIS }],
  [/ogg/, /FLAC/, { decoders: [ffmpegOgg, flacInOgg], allowance: { ...EXACT, settling: stereo(4608) } }],
  [/ogg/, /./, { decoders: [ffmpegOgg], allowance: OTHER_OGG }],
]

/** @returns undefined for a format that the program does not know. */
export function kindOf({ contentType, description }: Sample): Kind | undefined {
  const known = KINDS.find(([type, words]) => type.test(contentType) && words.test(description || ' '))
  const kind = known?.[2]
  return kind && { ...kind, decoders: kind.decoders.filter(({ program }) => needs(program) === false) }
}
