/** A program that checks the bytes of a listener. */
export interface Decoder {
  readonly program: string
  /** Its arguments; `@` is replaced by the file. Without one it reads its standard input, like a live stream. */
  readonly args: readonly string[]
  /** True when it writes samples, 16 bits each, to its standard output; otherwise it only prints messages. */
  readonly decodes: boolean
  /** Maximum number of samples of each channel that it skips at the beginning; some versions skip fewer. */
  readonly swallows: number
  /** The same after a gap. */
  readonly swallowsAtSkips: number
  /** Set when it fills a gap with silence, and replaces this number of samples after the gap, too. */
  readonly silencesAtSkips?: number
  /** Maximum difference between samples of equal sound: some decoders do not always compute in the same order. */
  readonly tolerance: number
  /** Messages about every live stream that a listener leaves before its end. */
  readonly expected?: RegExp
  /** Messages when it plays no more of a file with garbage in the middle. */
  readonly saidOfGivingUp?: RegExp
  /** Messages about a skip that are correct. */
  readonly saidOfSkips?: RegExp
}

const EXACT = { decodes: true, swallows: 0, swallowsAtSkips: 0, tolerance: 0 }

/** With renumbered time stamps, because ffmpeg refuses to write samples whose time stamps have a gap. */
const UNTIMED = ['-af', 'asetpts=N/SR/TB', '-f', 's16le', '-']
const VERBOSE = ['-v', 'warning', '-nostdin']

/** @param options of the input: the format by ffmpeg's name, because a player knows it from the media type. */
function ffmpeg(...options: readonly string[]): Decoder {
  return {
    ...EXACT,
    program: 'ffmpeg',
    args: [...VERBOSE, '-copyts', ...options, '-i', '@', ...UNTIMED],
    expected: /Estimating duration from bitrate|Last message repeated/,
  }
}

export const ffmpegMp3 = ffmpeg('-f', 'mp3')
/** mp2float, because the default decoder of Layer II carries rounding errors from sample to sample. */
export const ffmpegLayer2 = ffmpeg('-c:a', 'mp2float', '-f', 'mp3')
export const ffmpegAac = ffmpeg('-f', 'aac')
export const ffmpegOgg = ffmpeg('-f', 'ogg')
export const ffmpegFlac = ffmpeg('-f', 'flac')
/** A header without an end announces more data than there are, and names no loudspeakers. */
export const ffmpegWav = {
  ...ffmpeg('-f', 'wav'),
  expected:
    /Estimating duration from bitrate|Ignoring maximum wav data size|Packet corrupt|corrupt input packet|Guessed Channel Layout|Last message repeated/,
}

export const mpg123: Decoder = {
  ...EXACT,
  program: 'mpg123',
  // Without -q, which would suppress errors, too.
  args: ['--stdout', '--encoding', 's16', '@'],
  tolerance: 1,
  saidOfGivingUp: /Giving up resync/,
  expected:
    /^High Performance MPEG|^\s+version |^\s+free software|forcing output enc|^Directory: |^Playing MPEG stream|^MPEG \d|^\[\d+:\d+\] Decoding/,
}
export const madplay: Decoder = {
  ...EXACT,
  program: 'madplay',
  args: ['--quiet', '--no-dither', '--bit-depth=16', '--output=raw:-', '@'],
}
/** The decoder only adds the first frame of AAC to the second one; before faad 2.11 it does not output it. */
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
  // RFC 7845 4.6: the time within which a decoder converges.
  swallowsAtSkips: 3840,
  saidOfSkips: /^Warning: Hole in data\.$/,
}
export const oggdec: Decoder = { ...EXACT, program: 'oggdec', args: ['-Q', '-R', '-o', '-', '@'] }
/** Messages of flac from 1.5 on about a gap in the numbers of frames. */
const MISSING_FRAMES = /FLAC__STREAM_DECODER_ERROR_STATUS_MISSING_FRAME|^samples$/

/** Checks everything that `flac -t` checks. */
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
 * In Ogg, it loses the first frame whose number is not the next one; frames have 4608 samples at most. From flac 1.5 on it reports
 * that as an error, and continues only with this option.
 */
export const flacInOgg: Decoder = {
  ...flacWith('--ogg', '--decode-through-errors'),
  silencesAtSkips: 4608,
  saidOfSkips: MISSING_FRAMES,
}
/** A stream ends with a mark, which listeners that leave earlier do not get. */
export const oggzValidate: Decoder = {
  ...EXACT,
  program: 'oggz-validate',
  args: ['@'],
  decodes: false,
  expected: /: Error:$|missing \*\*\* eos/,
}
