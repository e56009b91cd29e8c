/**
 * Streams as a network of stations has them: MP3 of 24 to 320 kbit/s, with the number and the time of `frames.ts` in each frame, and
 * CD sound.
 */

import { FRAME_MS, stampFrame } from './frames.ts'

/** Kinds of streams. `share`: part of all streams. */
const KINDS = [
  { name: 'mp3-24', share: 0.2 },
  { name: 'mp3-64', share: 0.2 },
  { name: 'mp3-128', share: 0.2 },
  { name: 'mp3-320', share: 0.3 },
  { name: 'cd', share: 0.1 },
] as const
export type Kind = (typeof KINDS)[number]['name']

/** First bytes of frames of 24 ms, and their length, by kind: Layer III, stereo, all of the side information is zero. */
const MP3: Readonly<Record<Exclude<Kind, 'cd'>, readonly [header: number, bytes: number]>> = {
  // MPEG-2 at 24,000 Hz.
  'mp3-24': [0xff_f3_34_04, 72],
  // MPEG-1 at 48,000 Hz.
  'mp3-64': [0xff_fb_54_04, 192],
  'mp3-128': [0xff_fb_94_04, 384],
  'mp3-320': [0xff_fb_e4_04, 960],
}
/** CD sound: samples per millisecond, and bytes of each. */
const SAMPLES_PER_MS = 44.1
const SAMPLE_BYTES = 4

/** Returns the kinds of streams, in turns. */
export function kindsOf(streams: number): Kind[] {
  const kinds = KINDS.flatMap(({ name, share }) => Array.from({ length: Math.round(share * 10) }, () => name))
  return Array.from({ length: streams }, (_, i) => kinds[i % kinds.length] ?? 'cd')
}

/** Lines of a station file that describe the bytes of a kind; samples are in frames of 10 ms. */
export function formatOf(kind: Kind): readonly string[] {
  return kind === 'cd' ? ['pcm cd', 'frame-bytes 1764'] : ['frame-filter mp3']
}

/** Returns piece `number` of a stream, which lasts 24 ms. @param stamp time of writing, by `process.hrtime.bigint()` */
export function makePiece(kind: Kind, number: number, stamp: bigint): Buffer {
  if (kind === 'cd') return makeSamples(number)
  const [header, length] = MP3[kind]
  return stampFrame(Buffer.alloc(length), header, number, stamp)
}

/** Random samples, as those of loud music: they are not to be compressed. */
const NOISE = Buffer.from(Array.from({ length: 65_536 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 24))

function makeSamples(number: number): Buffer {
  const [from, until] = [number, number + 1].map((at) => Math.floor(at * FRAME_MS * SAMPLES_PER_MS))
  return NOISE.subarray(0, ((until ?? 0) - (from ?? 0)) * SAMPLE_BYTES)
}
