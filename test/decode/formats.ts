import { createAacAdts } from '../../filters/aac/adts.ts'
import { createFlac } from '../../filters/flac/flac.ts'
import { headerOfFrame } from '../../filters/flac/header.ts'
import type { CreateFilter } from '../../filters/frame-filter.ts'
import { createMp3 } from '../../filters/mpeg/mp3.ts'
import { createOgg } from '../../filters/ogg/ogg.ts'
import { createWav } from '../../filters/wav/wav.ts'
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
  /** Number of bytes of the frame after it. */
  readonly bytesBehind: number
}

/** Properties of a format that tests depend on. */
export interface Format {
  readonly filter: CreateFilter
  readonly decoders: readonly Decoder[]
  /** Slots of the ring: enough for a lead-in, few enough to be lapped soon. */
  readonly ringFrames: number
  /**
   * Number of frames or samples after a join or a skip from which on the sound must equal that of a continuous listener. An
   * encoder's frames overlap, so that the first one cannot.
   */
  readonly exactAfter: { readonly frames: number } | { readonly samples: number }
  /** Maximum difference between samples of equal sound, with any decoder. */
  readonly tolerance: number
  /** Finds the part of a frame that is the same in the source and for all listeners; undefined: the whole frame. */
  readonly sameInAll?: (frame: Buffer) => Part
  /** Maximum number of bytes before a first frame: headers, a lead-in. */
  readonly insertedBytes: number
  /** Their duration, in samples of each channel. */
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

/** Two granules per frame. */
export const MPEG_1: Format = { ...MPEG, exactAfter: { frames: 1 }, insertedSamples: 1152 }
/** One granule per frame, so that the overlap extends one frame further; MPEG-2.5 as well. */
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
  // Opus predicts: a decoder converges (within 80 ms by RFC 7845 4.6), but its output never becomes identical.
  exactAfter: { samples: 24_000 },
  tolerance: 2,
}
export const VORBIS: Format = { ...OGG, decoders: [ffmpegOgg, oggdec, oggzValidate] }
/** At the end of a link ffmpeg outputs more samples than there are, so that positions are inexact from there on. */
export const VORBIS_LINKS: Format = { ...VORBIS, exactAfter: { frames: 2 } }
/**
 * ffmpeg misinterprets a page before a gap that ends in the middle of a packet: it takes that part for the beginning of the
 * first packet after the gap, which is a frame of FLAC.
 */
export const OGG_FLAC: Format = {
  ...OGG,
  decoders: [ffmpegOgg, flacInOgg, oggzValidate],
  exactAfter: { samples: 4608 },
}
/** Frame numbers depend on what a listener has missed, and so do the checksums of header and frame. */
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
