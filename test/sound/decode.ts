import { spawnSync } from 'node:child_process'
import { mpegFrameBytes } from '../../filters/mpeg/header.ts'
import { plainEnvironment } from '../streamserve.ts'

/** Output of a decoder for a piece of a stream. */
export interface Decoded {
  /** Total over all channels, 16 bits each. */
  readonly samples: number
  /** Its messages; empty when nothing is wrong. */
  readonly complaints: string
}

const PROGRAMS = {
  ffmpeg: (format: string) => ['-v', 'warning', '-nostdin', '-f', format, '-i', 'pipe:0', '-f', 's16le', 'pipe:1'],
  mpg123: () => ['--quiet', '--stdout', '--encoding', 's16', '-'],
}

/** Decodes a piece of a stream. @param format ffmpeg's name of the format: mp3, aac */
export function decode(program: keyof typeof PROGRAMS, bytes: Buffer, format = 'mp3'): Decoded {
  const { status, stdout, stderr } = spawnSync(program, PROGRAMS[program](format), {
    input: bytes,
    maxBuffer: 256 * 1024 * 1024,
    env: plainEnvironment(),
  })
  return { samples: stdout.length / 2, complaints: `${String(stderr)}${status === 0 ? '' : `exit code ${status}`}` }
}

/** Cuts off an incomplete last frame. @throws when the bytes are anything but consecutive frames */
export function wholeFrames(bytes: Buffer): Buffer {
  let end = 0
  while (end + 4 <= bytes.length) {
    const frameBytes = mpegFrameBytes(bytes, end)
    if (frameBytes === 0) throw new Error(`no frame begins at ${end}`)
    if (end + frameBytes > bytes.length) break
    end += frameBytes
  }
  return bytes.subarray(0, end)
}
