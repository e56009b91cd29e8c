/** A program that judges what a listener got. */
export interface Decoder {
  readonly program: string
  /** Its words; `@` stands for the file. Without one it reads its standard input, as it would a live stream. */
  readonly args: readonly string[]
  /** It writes samples, 16 bits each, to its standard output; otherwise it only says what it thinks. */
  readonly decodes: boolean
  /** Up to so many samples of each channel are swallowed at the beginning: not by all versions. */
  readonly swallows: number
  /** Up to so many are swallowed behind a hole. */
  readonly swallowsAtSkips: number
  /** Set when it makes silence of a hole, and of so many samples behind it. */
  readonly silencesAtSkips?: number
  /** By so much samples of equal sound may differ: not all of them compute in the same order every time. */
  readonly tolerance: number
  /** Lines that it writes about every live stream that somebody leaves before it ends. */
  readonly expected?: RegExp
  /** Lines that it writes when it plays no more of a file with garbage in the middle. */
  readonly saidOfGivingUp?: RegExp
  /** Lines that it writes about a skip, and that are true. */
  readonly saidOfSkips?: RegExp
}

const EXACT = { decodes: true, swallows: 0, swallowsAtSkips: 0, tolerance: 0 }

/** Times are counted anew, because ffmpeg dislikes to write samples when there is a hole in their times. */
const UNTIMED = ['-af', 'asetpts=N/SR/TB', '-f', 's16le', '-']
const VERBOSE = ['-v', 'warning', '-nostdin']

/** @param options of the input: the format as ffmpeg calls it, because a player knows it from the media type. */
function ffmpeg(...options: readonly string[]): Decoder {
  return {
    ...EXACT,
    program: 'ffmpeg',
    args: [...VERBOSE, '-copyts', ...options, '-i', '@', ...UNTIMED],
    expected: /Estimating duration from bitrate|Last message repeated/,
  }
}

export const ffmpegMp3 = ffmpeg('-f', 'mp3')
/** Its usual decoder of Layer II carries what it rounds off from sample to sample. */
export const ffmpegLayer2 = ffmpeg('-c:a', 'mp2float', '-f', 'mp3')
export const ffmpegAac = ffmpeg('-f', 'aac')
export const ffmpegOgg = ffmpeg('-f', 'ogg')
export const ffmpegFlac = ffmpeg('-f', 'flac')
/** A header without an end promises more than comes, and names no loudspeakers. */
export const ffmpegWav = {
  ...ffmpeg('-f', 'wav'),
  expected:
    /Estimating duration from bitrate|Ignoring maximum wav data size|Packet corrupt|corrupt input packet|Guessed Channel Layout|Last message repeated/,
}

export const mpg123: Decoder = {
  ...EXACT,
  program: 'mpg123',
  // When it is told to be quiet it is so about faults, too.
  args: ['--stdout', '--encoding', 's16', '@'],
  tolerance: 1,
  saidOfGivingUp: /Giving up resync/,
  expected:
    /^High Performance MPEG|^\s+version |^\s+free software|forcing output enc|^Playing MPEG stream|^MPEG \d|^\[\d+:\d+\] Decoding/,
}
export const madplay: Decoder = {
  ...EXACT,
  program: 'madplay',
  args: ['--quiet', '--no-dither', '--bit-depth=16', '--output=raw:-', '@'],
}
/** The first frame of AAC is only there for the second one to be added to, and does not come out before faad 2.11. */
export const faad: Decoder = {
  ...EXACT,
  program: 'faad',
  args: ['-q', '-w', '-f', '2', '@'],
  swallows: 1024,
  tolerance: 1,
}
export const opusdec: Decoder = {
  ...EXACT,
  program: 'opusdec',
  args: ['--quiet', '--no-dither', '--rate', '48000', '-', '-'],
  // RFC 7845 4.6: so long a decoder may take to come near to what it would be.
  swallowsAtSkips: 3840,
  saidOfSkips: /^Warning: Hole in data\.$/,
}
export const oggdec: Decoder = { ...EXACT, program: 'oggdec', args: ['-Q', '-R', '-o', '-', '@'] }
/** Said by flac from 1.5 on where numbers of frames have a hole. */
const MISSING_FRAMES = /FLAC__STREAM_DECODER_ERROR_STATUS_MISSING_FRAME|^samples$/

/** It checks all that `flac -t` does. */
function flacWith(...options: readonly string[]): Decoder {
  const raw = ['--force-raw-format', '--endian=little', '--sign=signed']
  return {
    ...EXACT,
    program: 'flac',
    args: ['-s', '-d', '-c', ...options, ...raw, '@'],
    expected: /cannot check MD5 signature since it was unset/,
  }
}

export const flacAlone = flacWith()
/**
 * In Ogg, the first frame whose number is not the next one is lost to it; they are of 4608 samples at most. From flac 1.5 on it
 * calls that an error, and goes on only when it is asked to.
 */
export const flacInOgg: Decoder = {
  ...flacWith('--ogg', '--decode-through-errors'),
  silencesAtSkips: 4608,
  saidOfSkips: MISSING_FRAMES,
}
/** The end of a stream has a mark, which nobody gets who leaves before it. */
export const oggzValidate: Decoder = {
  ...EXACT,
  program: 'oggz-validate',
  args: ['@'],
  decodes: false,
  expected: /: Error:$|missing \*\*\* eos/,
}
