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

/** Decoders and allowed differences for a format. */
export interface Kind {
  readonly decoders: readonly Decoder[]
  readonly allowance: AllowedDifference
  /** Decoders add noise that differs each time, so that samples of a listener that joins late cannot be compared. */
  readonly isRandom?: boolean
  /** Decoders may take seconds to settle after a join, so that pages are compared then. */
  readonly settlesSlowly?: boolean
  /** Listeners get another container than that of the file. */
  readonly isRewritten?: boolean
}

/** Samples of two channels. */
const stereo = (samples: number) => 2 * samples
const EXACT: AllowedDifference = { settling: 0, added: 0, lead: 0, tolerance: 0 }
/**
 * Decoders cut off the padding of the encoder by LAME's tag: a decoder's delay, and up to two frames. Some decoders play the frame
 * with this tag, which listeners do not get, as silence.
 */
const MPEG: AllowedDifference = { ...EXACT, settling: stereo(3 * 1152), added: stereo(3 * 1152), lead: stereo(1152) }
/** A frame overlaps with the next one, and twice as much with SBR. */
const AAC: AllowedDifference = { ...EXACT, settling: stereo(4 * 2048) }
/** Two of the largest blocks. */
const VORBIS: AllowedDifference = { ...EXACT, settling: stereo(2 * 8192) }
/** RFC 7845 4.6: a decoder that starts late converges to the others, but never becomes exactly equal. */
const OPUS: AllowedDifference = { ...EXACT, settling: stereo(24_000), tolerance: 2 }

/** Speex, and other formats in Ogg that ffmpeg supports. */
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
