import { spawnSync } from 'node:child_process'

/** Arguments that make programs decode MP3 to s16le, and patterns of their complaints. */
const MP3_DECODERS = {
  ffmpeg: { args: ['-v', 'warning', '-f', 'mp3', '-i', '-', '-f', 's16le', '-'], complaint: /./ },
  // With -q it would suppress errors, too. A change of the rate is only a warning.
  mpg123: { args: ['-s', '-'], complaint: /error|missing|illegal|note:/i },
  madplay: { args: ['-q', '-d', '-o', 'raw:-', '-'], complaint: /./ },
} as const

/** A program that decodes MP3. */
export type Mp3Decoder = keyof typeof MP3_DECODERS

/**
 * Decodes ADTS with ffmpeg.
 * @throws when it complains.
 */
export function decodeAac(bytes: Buffer): Buffer {
  return decodeWithFfmpeg('aac', bytes)
}

/** @param format by ffmpeg's name. @throws when it complains. */
export function decodeWithFfmpeg(format: string, bytes: Buffer): Buffer {
  return decode('ffmpeg', ['-v', 'warning', '-f', format, '-i', '-', '-f', 's16le', '-'], /./, bytes)
}

/** @throws when the program complains. */
export function decodeMp3(program: Mp3Decoder, bytes: Buffer): Buffer {
  const { args, complaint } = MP3_DECODERS[program]
  return decode(program, args, complaint, bytes)
}

function decode(program: string, args: readonly string[], complaint: RegExp, input: Buffer): Buffer {
  const { status, error, stdout, stderr } = spawnSync(program, args, { input, maxBuffer: 256 * 1024 * 1024 })
  if (error !== undefined) throw error
  const said = stderr.toString()
  if (status !== 0 || complaint.test(said)) throw new Error(`${program} exits with ${status} and says: ${said}`)
  return stdout
}
