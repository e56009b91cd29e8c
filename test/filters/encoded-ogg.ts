import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CreateFilter, Frame, FrameFilter } from '../../filters/frame-filter.ts'
import { Ring } from '../../src/ring/ring.ts'
import { runProgram } from '../programs.ts'
import { music } from './encoded.ts'
import { DEFAULTS } from './run-filter.ts'

/** Nothing comes after the end: the last frame of a stream counts, too. */
const ONCE = { ...DEFAULTS, keepTail: true }

/** How programs read the samples of `music` from a pipe. */
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

/** What an encoder makes of some seconds of music, into a pipe. */
export function encode(program: keyof typeof RAW, seconds: number, ...args: readonly string[]): Buffer {
  const out = program === 'opusenc' ? ['-', '-'] : ['-']
  return runProgram(program, [...RAW[program], ...args, ...out], music(seconds))
}

/** A stream whose frames are all in a ring, and the filter that knows them. */
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

/** Files that are played one after the other, each through a filter of its own, into one ring. */
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

/** The bytes of the frames from `from` on, up to before `to`. */
export function framesFrom(ring: Ring, from: number, to: number = ring.next): Buffer {
  return Buffer.concat(Array.from({ length: to - from }, (_, i) => ring.at(from + i)?.bytes ?? Buffer.alloc(0)))
}

/** What somebody gets who begins at frame `at`; undefined when nobody can. */
export function joinAt({ ring, filter }: Framed, at: number): Buffer | undefined {
  const before = filter.preamble?.(at, ring, true)
  return before === null || before === undefined ? undefined : Buffer.concat([before, framesFrom(ring, at)])
}

/** What a program has to say about a file with these bytes, or a pipe when no word is `@`, its exit code if it is not 0 included; empty when all is well. */
export function complaints(bytes: Buffer, program: string, ...args: readonly string[]): string {
  return inFile(bytes, (file) => {
    const { status, stdout, stderr } = spawnSync(program, withFile(args, file), {
      input: pipedTo(args, bytes),
      maxBuffer: 256 * 1024 * 1024,
    })
    const text = SPEAK_ON_STDOUT.has(program) ? Buffer.concat([stdout, stderr]).toString() : stderr.toString()
    const words = text.split('\n').filter((line) => line.trim() !== '' && !EXPECTED.test(line))
    return [...(status === 0 ? [] : [`exits with ${status}`]), ...words].join('\n')
  })
}

/** What a program writes to its standard output when it reads these bytes from a file, or a pipe when no word is `@`. */
export function decoded(bytes: Buffer, program: string, ...args: readonly string[]): Buffer {
  return inFile(bytes, (file) => runProgram(program, withFile(args, file), pipedTo(args, bytes)))
}

/** These write their complaints to standard output. */
const SPEAK_ON_STDOUT = new Set(['oggz-validate', 'mpv'])
/** Said of every endless stream, and by mpv 0.40 when it ends before its own scripts are ready. */
const EXPECTED =
  /Cannot seek on wav file|cannot check MD5 signature since it was unset|client removed during hook handling/

/** What goes into standard input: nothing when a file is named, for who reads that would close it. */
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
