import { runProgram } from '../programs.ts'

/** Stereo s16le at 44.1 kHz: a rising tone with some noise, so that there is something to encode. */
export function music(seconds: number, rate = 44100): Buffer {
  const samples = Buffer.alloc(Math.round(seconds * rate) * 4)
  for (let i = 0; i < samples.length / 4; i++) {
    const t = i / rate
    const tone = Math.sin(2 * Math.PI * (220 + 200 * t) * t) * 9000
    const hiss = ((Math.imul(i, 2_654_435_761) >>> 20) - 2048) * 1.2
    samples.writeInt16LE(Math.round(tone + hiss), i * 4)
    samples.writeInt16LE(Math.round(tone - hiss), i * 4 + 2)
  }
  return samples
}

/** What was encoded, by the command. */
const encoded = new Map<string, Buffer>()

/** @returns a copy, which a test may change */
function once(program: string, args: readonly string[]): Buffer {
  const command = [program, ...args].join('\0')
  const bytes = encoded.get(command) ?? runProgram(program, args, music(3))
  encoded.set(command, bytes)
  return Buffer.from(bytes)
}

/** Encodes three seconds of it with lame, which writes to a pipe. */
export function lame(...args: readonly string[]): Buffer {
  return once('lame', ['--quiet', '-r', '-s', '44.1', ...args, '-', '-'])
}

/** Encodes it with ffmpeg. Each stream in Ogg has another serial number, so that no two are the same. */
export function ffmpeg(...args: readonly string[]): Buffer {
  const all = ['-v', 'error', '-f', 's16le', '-ar', '44100', '-ac', '2', '-i', '-', ...args, '-']
  return args.includes('ogg') ? runProgram('ffmpeg', all, music(3)) : once('ffmpeg', all)
}
