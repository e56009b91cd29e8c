import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeFile } from '../decode/decode.ts'
import { type Decoder, ffmpegMp3, ffmpegOgg, mpg123 } from '../decode/decoders.ts'

/** Samples of a window in which a tone is looked for: a tenth of a second. */
const WINDOW = 4410
/** Minimum share of a window's energy at the frequency of a tone. */
const PURE = 0.8
/** Mean energy of a sample below which a window is silent. */
const SILENT = 100

/** The decoded sound of a listener. */
export interface Heard {
  /** Seconds of sound. */
  readonly seconds: number
  /** Messages of all decoders; empty when nothing is wrong. */
  readonly complaints: readonly string[]
  /** Duration of the windows that consist of a tone, in seconds. */
  toneSeconds(hz: number): number
}

/** Kinds of streams, with the decoders that check them. The first one makes the samples. */
const DECODERS = { mp3: [ffmpegMp3, mpg123], ogg: [ffmpegOgg] } as const
export type Kind = keyof typeof DECODERS

/** Decodes everything that a listener has received. @param folder for a file */
export async function decodeHeard(folder: string, kind: Kind, bytes: Buffer): Promise<Heard> {
  const file = join(folder, `heard.${kind}`)
  writeFileSync(file, bytes)
  const [plain, ...others] = DECODERS[kind]
  const decoded = await decodeFile(mono(plain), file)
  const complaints = decoded.complaints.map((line) => `${plain.program}: ${line}`)
  for (const decoder of others) {
    const { complaints: more } = await decodeFile(decoder, file)
    complaints.push(...more.map((line) => `${decoder.program}: ${line}`))
  }
  const { samples } = decoded
  return {
    seconds: samples.length / RATE,
    complaints,
    toneSeconds: (hz) => windowsOf(samples).filter((window) => isTone(window, hz)).length * (WINDOW / RATE),
  }
}

const RATE = 44_100

function mono(decoder: Decoder): Decoder {
  return { ...decoder, args: [...decoder.args.slice(0, -1), '-ac', '1', '-ar', String(RATE), '-'] }
}

function windowsOf(samples: Int16Array): Int16Array[] {
  return Array.from({ length: Math.floor(samples.length / WINDOW) }, (_, i) =>
    samples.subarray(i * WINDOW, (i + 1) * WINDOW),
  )
}

/** Compares the energy at a frequency (Goertzel) with that of the whole window. */
function isTone(window: Int16Array, hz: number): boolean {
  const factor = 2 * Math.cos((2 * Math.PI * hz) / RATE)
  let energy = 0
  let last = 0
  let beforeLast = 0
  for (const sample of window) {
    energy += sample * sample
    const next = sample + factor * last - beforeLast
    beforeLast = last
    last = next
  }
  const power = last * last + beforeLast * beforeLast - factor * last * beforeLast
  return energy > SILENT * WINDOW && (2 * power) / (WINDOW * energy) > PURE
}
