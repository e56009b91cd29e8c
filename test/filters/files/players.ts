import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Arguments that make programs decode a file to s16le, and patterns of their complaints. */
const PLAYERS = {
  // It notes that ADTS has no header with a duration, and plain WAV none with loudspeakers.
  ffmpeg: {
    args: (path: string) => ['-v', 'warning', '-i', path, '-f', 's16le', '-'],
    complaint: /^(?!.*(Estimating duration from bitrate|Guessed Channel Layout)).+/m,
  },
  // With -q it would suppress errors, too.
  mpg123: { args: (path: string) => ['-s', path], complaint: /error|warning|missing|illegal|note:/i },
  // It notes each file whose samples have no checksum.
  flac: { args: (path: string) => [...FLAC_RAW, path], complaint: /^(?!.*MD5 signature since it was unset).+/m },
  opusdec: { args: (path: string) => ['--quiet', '--no-dither', '--rate', '48000', path, '-'], complaint: /./ },
  oggdec: { args: (path: string) => ['-Q', '-R', '-o', '-', path], complaint: /./ },
} as const
const FLAC_RAW = ['-d', '-s', '-c', '--force-raw-format', '--endian=little', '--sign=signed']

/** A program that decodes files. */
export type Player = keyof typeof PLAYERS

/** Writes a file to decode. @returns its path */
export function written(folder: string, name: string, bytes: Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

/** Decodes a file to s16le. @throws when the program complains */
export function play(program: Player, path: string): Buffer {
  const { args, complaint } = PLAYERS[program]
  const { status, error, stdout, stderr } = spawnSync(program, args(path), { maxBuffer: 256 * 1024 * 1024 })
  if (error !== undefined) throw error
  const said = stderr.toString()
  if (status !== 0 || complaint.test(said)) throw new Error(`${program} exits with ${status} and says: ${said}`)
  return stdout
}

/** Decodes what can be decoded of a file that is cut off. */
export function playAnyhow(path: string): Buffer {
  const { stdout } = spawnSync('ffmpeg', ['-v', 'quiet', '-i', path, '-f', 's16le', '-'], {
    maxBuffer: 256 * 1024 * 1024,
  })
  return stdout
}

/** Returns the largest difference of two samples in s16le; infinity when there are not equally many. */
export function difference(some: Buffer, others: Buffer): number {
  if (some.length !== others.length) return Number.POSITIVE_INFINITY
  if (some.equals(others)) return 0
  let largest = 0
  for (let at = 0; at < some.length; at += 2) {
    largest = Math.max(largest, Math.abs(some.readInt16LE(at) - others.readInt16LE(at)))
  }
  return largest
}
