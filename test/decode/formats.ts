import { createAacAdts } from '../../filters/aac-adts.ts'
import { createFlac } from '../../filters/flac.ts'
import { headerOfFrame } from '../../filters/flac-header.ts'
import type { CreateFilter } from '../../filters/frame-filter.ts'
import { createMp3 } from '../../filters/mp3.ts'
import { createOgg } from '../../filters/ogg.ts'
import { createWav } from '../../filters/wav.ts'
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
  oggzValidate,
  opusdec,
} from './decoders.ts'

/** Part of a frame. */
export interface Part {
  readonly bytes: Buffer
  /** Bytes of the frame behind it. */
  readonly bytesBehind: number
}

/** What a test must know of a format. */
export interface Format {
  readonly filter: CreateFilter
  readonly decoders: readonly Decoder[]
  /** Slots of the ring: enough for what a lead-in needs, few enough to be lapped soon. */
  readonly ringFrames: number
  /**
   * From where on the sound must be that of somebody who was there all the time: so many frames after a join or a skip. An
   * encoder's frames overlap, so that the first one cannot be.
   */
  readonly exactAfter: { readonly frames: number } | { readonly samples: number }
  /** How much the samples of equal sound may differ, whatever the decoder. */
  readonly tolerance: number
  /** Finds the part of a frame that is the same in the source and for all listeners; undefined: all of it is. */
  readonly sameInAll?: (frame: Buffer) => Part
  /** The most that comes before a first frame, in bytes: headers, a lead-in. */
  readonly insertedBytes: number
  /** What that sounds like, in samples of each channel. */
  readonly insertedSamples: number
}

const OGG = {
  filter: createOgg,
  ringFrames: 4,
  insertedBytes: 80_000,
  insertedSamples: 0,
  tolerance: 0,
  exactAfter: { frames: 1 },
}
const MPEG = {
  filter: createMp3,
  decoders: [ffmpegMp3, mpg123, madplay],
  ringFrames: 64,
  tolerance: 0,
  // The longest frame of Layer III.
  insertedBytes: 1441,
}

/** Two granules a frame. */
export const MPEG_1: Format = { ...MPEG, exactAfter: { frames: 1 }, insertedSamples: 1152 }
/** One granule a frame, so that the overlap reaches one frame further; MPEG-2.5 as well. */
export const MPEG_2: Format = { ...MPEG, exactAfter: { frames: 2 }, insertedSamples: 576 }
export const LAYER_2: Format = { ...MPEG_1, decoders: [ffmpegLayer2, mpg123, madplay], insertedBytes: 0 }
export const ADTS: Format = {
  filter: createAacAdts,
  decoders: [ffmpegAac, faad],
  ringFrames: 64,
  exactAfter: { samples: 1024 },
  tolerance: 0,
  insertedBytes: 0,
  insertedSamples: 0,
}
export const OPUS: Format = {
  ...OGG,
  decoders: [ffmpegOgg, opusdec, oggzValidate],
  // Opus predicts: its decoder comes near to where the others are (RFC 7845 4.6 says within 80 ms), and never quite there.
  exactAfter: { samples: 24_000 },
  tolerance: 2,
}
export const VORBIS: Format = { ...OGG, decoders: [ffmpegOgg, oggdec, oggzValidate] }
/** Where a link ends, ffmpeg makes some samples more than there are, so that positions are not quite known any more. */
export const VORBIS_LINKS: Format = { ...VORBIS, exactAfter: { frames: 2 } }
/**
 * Where a page before a hole ends in the middle of a packet, ffmpeg takes it for the beginning of the first packet behind the
 * hole, which is a frame of FLAC.
 */
export const OGG_FLAC: Format = {
  ...OGG,
  decoders: [ffmpegOgg, flacInOgg, oggzValidate],
  exactAfter: { samples: 4608 },
}
/** Numbers depend on what a listener has missed, and so do the checks of header and frame. */
export const FLAC: Format = {
  filter: createFlac,
  decoders: [ffmpegFlac, flacAlone],
  ringFrames: 4,
  exactAfter: { frames: 0 },
  tolerance: 0,
  sameInAll: (frame) => ({ bytes: frame.subarray((headerOfFrame(frame)?.bytes ?? 0) + 1, -2), bytesBehind: 2 }),
  insertedBytes: 20_000,
  insertedSamples: 0,
}
export const WAV: Format = {
  filter: createWav,
  decoders: [ffmpegWav],
  ringFrames: 64,
  exactAfter: { frames: 0 },
  tolerance: 0,
  insertedBytes: 100,
  insertedSamples: 0,
}
