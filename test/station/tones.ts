import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Samples per second of the tones, mono, 16 bit. */
export const RATE = 8000
const AMPLITUDE = 30_000

/** A program that writes a tone of `hz` in real time, and is killed by a signal after `lifeMs`; 0: never. */
const PROGRAM = `
const [hz, lifeMs] = process.argv.slice(2).map(Number)
const startedAt = performance.now()
let n = 0
const write = () => {
  const due = Math.floor((performance.now() - startedAt) * ${RATE} / 1000 / 160) * 160 + 160
  const bytes = Buffer.alloc(2 * (due - n))
  for (let at = 0; n < due; at += 2) bytes.writeInt16LE(Math.round(${AMPLITUDE} * Math.sin(2 * Math.PI * hz * n++ / ${RATE})), at)
  process.stdout.write(bytes)
  if (lifeMs > 0 && performance.now() - startedAt > lifeMs) process.kill(process.pid, 'SIGKILL')
  else setTimeout(write, 20)
}
write()
`

/** Writes the program. @returns the words that run it, without its arguments */
export function toneProgram(folder: string): readonly string[] {
  const file = join(folder, 'tone.mjs')
  writeFileSync(file, PROGRAM)
  return ['env', '-u', 'NODE_OPTIONS', process.execPath, file]
}

/** Samples of a tone. */
export function toneBytes(hz: number, seconds: number): Buffer {
  const bytes = Buffer.alloc(2 * RATE * seconds)
  for (let n = 0; n < RATE * seconds; n++) {
    bytes.writeInt16LE(Math.round(AMPLITUDE * Math.sin((2 * Math.PI * hz * n) / RATE)), 2 * n)
  }
  return bytes
}

/** Error of one step of the recurrence, when three samples are rounded. */
const ROUNDING = 3

/**
 * Positions at which samples do not continue a tone of `hz`: a sine obeys s[n] = 2 cos(w) s[n-1] - s[n-2], and any lost, repeated or
 * foreign sample breaks that.
 */
export function breaksIn(bytes: Buffer, hz: number): number[] {
  const factor = 2 * Math.cos((2 * Math.PI * hz) / RATE)
  const samples = Array.from({ length: bytes.length >> 1 }, (_, at) => bytes.readInt16LE(2 * at))
  return samples.flatMap((sample, at) => {
    const expected = factor * (samples[at - 1] ?? 0) - (samples[at - 2] ?? 0)
    return at >= 2 && Math.abs(sample - expected) > ROUNDING ? [at] : []
  })
}
