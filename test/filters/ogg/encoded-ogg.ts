import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CreateFilter, Frame, FrameFilter } from '../../../filters/frame-filter.ts'
import { Ring } from '../../../src/ring/ring.ts'
import { runProgram } from '../../programs.ts'
import { music } from '../encoded.ts'
import { DEFAULTS } from '../run-filter.ts'

/** Nothing follows the end of the input: the last frame of a stream is emitted, too. */
const ONCE = { ...DEFAULTS, keepTail: true }

/** Arguments that make programs read the samples of `music` from a pipe. */
const RAW = {
  opusenc: ['--quiet', '--raw', '--raw-rate', '44100'],
  oggenc: ['-Q', '-r', '-R', '44100'],
  flac: [
    '-s',
    '-c',
    '--force-raw-format',
    '--endian=little',
    '--sign=signed',
    '--channels=2',
    '--bps=16',
    '--sample-rate=44100',
  ],
} as const

/** Encodes some seconds of music with a program that writes to a pipe. */
export function encode(program: keyof typeof RAW, seconds: number, ...args: readonly string[]): Buffer {
  const out = program === 'opusenc' ? ['-', '-'] : ['-']
  return runProgram(program, [...RAW[program], ...args, ...out], music(seconds))
}

/** A ring with all frames of a stream, and the filter that made them. */
export interface Framed {
  readonly ring: Ring
  readonly filter: FrameFilter
}

export function framed(create: CreateFilter, bytes: Buffer, frames = 100_000): Framed {
  const ring = new Ring({ frames })
  const filter = create(ONCE)
  passThrough(filter, bytes, ring)
  return { ring, filter }
}

/** Files that are played one after the other, each through its own filter, into one ring. */
export interface Openings extends Framed {
  /** The first frame of each file. */
  readonly begins: readonly number[]
  /** The filter of each file; `filter` is the last one. */
  readonly filters: readonly FrameFilter[]
}

export function openings(create: CreateFilter, files: readonly Buffer[]): Openings {
  const ring = new Ring({ frames: 100_000 })
  const begins: number[] = []
  const filters = files.map((bytes) => {
    begins.push(ring.next)
    const filter = create({ ...DEFAULTS, ring })
    passThrough(filter, bytes, ring)
    return filter
  })
  return { ring, filter: filters.at(-1) ?? create(DEFAULTS), begins, filters }
}

function passThrough(filter: FrameFilter, bytes: Buffer, ring: Ring): void {
  const push = (frame: Frame) => ring.push(frame)
  filter.push(bytes, push)
  filter.end(push)
}

/** The bytes of the frames from `from` up to `to` (exclusive). */
export function framesFrom(ring: Ring, from: number, to: number = ring.next): Buffer {
  return Buffer.concat(Array.from({ length: to - from }, (_, i) => ring.at(from + i)?.bytes ?? Buffer.alloc(0)))
}

/** Bytes that a listener receives that joins at frame `at`; undefined when joins are not possible there. */
export function joinAt({ ring, filter }: Framed, at: number): Buffer | undefined {
  const before = filter.preamble?.(at, ring, true)
  return before === null || before === undefined ? undefined : Buffer.concat([before, framesFrom(ring, at)])
}

/**
 * Warnings of a program about a file with these bytes (or a pipe, if no argument is `@`), including an exit code other than
 * 0; empty when all is well.
 */
export function complaints(bytes: Buffer, program: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = runOf(bytes, program, args)
  const text = SPEAK_ON_STDOUT.has(program) ? Buffer.concat([stdout, stderr]).toString() : stderr.toString()
  const words = text.split('\n').filter((line) => line.trim() !== '' && !EXPECTED.test(line))
  return [...(status === 0 ? [] : [`exits with ${status}`]), ...words].join('\n')
}

/** Standard output of a program that reads these bytes from a file, or from a pipe if no argument is `@`. */
export function decoded(bytes: Buffer, program: string, ...args: readonly string[]): Buffer {
  const { status, stdout, stderr } = runOf(bytes, program, args)
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} exits with ${status}: ${stderr.toString()}`)
  return stdout
}

type Run = SpawnSyncReturns<Buffer>
/** Runs by their bytes and command: most tests ask for the sound and for the complaints of the same decoder. */
const runs = new WeakMap<Buffer, Map<string, Run>>()

function runOf(bytes: Buffer, program: string, args: readonly string[]): Run {
  const command = [program, ...args].join('\0')
  const known = runs.get(bytes) ?? new Map<string, Run>()
  runs.set(bytes, known)
  const run = known.get(command) ?? start(bytes, program, args)
  known.set(command, run)
  return run
}

function start(bytes: Buffer, program: string, args: readonly string[]): Run {
  const run = inFile(bytes, (file) => {
    return spawnSync(program, withFile(args, file), { input: pipedTo(args, bytes), maxBuffer: 256 * 1024 * 1024 })
  })
  if (run.error !== undefined) throw run.error
  return run
}

/** Programs that write their complaints to standard output. */
const SPEAK_ON_STDOUT = new Set(['oggz-validate', 'mpv'])
/** Messages about every endless stream, and of mpv 0.40 when it ends before its own scripts are ready. */
const EXPECTED =
  /Cannot seek on wav file|cannot check MD5 signature since it was unset|client removed during hook handling/

/** Standard input: empty when a file is named, because a program that reads the file would close its standard input. */
function pipedTo(args: readonly string[], bytes: Buffer): Buffer {
  return args.includes('@') ? Buffer.alloc(0) : bytes
}

function withFile(args: readonly string[], file: string): string[] {
  return args.map((arg) => (arg === '@' ? file : arg))
}

function inFile<T>(bytes: Buffer, use: (file: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'streamserve-'))
  try {
    const file = join(folder, 'stream')
    writeFileSync(file, bytes)
    return use(file)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
