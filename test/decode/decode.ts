import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { plainEnvironment } from '../streamserve.ts'
import type { Decoder } from './decoders.ts'

/** Output of a decoder for the bytes of a listener. */
export interface Decoded {
  /** Interleaved samples of all channels. */
  readonly samples: Int16Array
  /** Its messages, line by line, except for the usual ones; empty when nothing is wrong. */
  readonly complaints: readonly string[]
}

/** Runs a decoder on a file. */
export async function decodeFile(decoder: Decoder, file: string): Promise<Decoded> {
  const args = decoder.args.map((arg) => (arg === '@' ? file : arg))
  const child = spawn(decoder.program, args, { stdio: 'pipe', env: plainEnvironment() })
  // It may stop reading before the end.
  child.stdin.on('error', () => {})
  child.stdin.end(decoder.args.includes('@') ? '' : readFileSync(file))
  const closed = once(child, 'close')
  const [stdout, stderr] = await Promise.all([bytesOf(child.stdout), bytesOf(child.stderr), closed])
  const text = decoder.decodes ? String(stderr) : String(stdout) + String(stderr)
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== '')
  const complaints = lines.filter((line) => decoder.expected?.test(line) !== true).map((line) => plain(line, file))
  // Expected messages explain its exit code as well.
  const isUnexplained = child.exitCode !== 0 && complaints.length === lines.length
  return {
    samples: decoder.decodes ? samplesOf(stdout) : new Int16Array(0),
    complaints: isUnexplained ? [...complaints, `exits with ${child.exitCode ?? child.signalCode}`] : complaints,
  }
}

/** Removes parts that differ in each run. */
function plain(line: string, file: string): string {
  return line
    .replaceAll(file, 'FILE')
    .replaceAll(/ @ 0x[0-9a-f]+/g, '')
    .trim()
}

async function bytesOf(output: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of output) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function samplesOf(bytes: Buffer): Int16Array {
  const copy = new Uint8Array(bytes.length & ~1)
  copy.set(bytes.subarray(0, copy.length))
  return new Int16Array(copy.buffer)
}

/** Returns complaints that are not in `before`. */
export function without(complaints: readonly string[], before: readonly string[]): string[] {
  return complaints.filter((line) => !before.includes(line))
}
