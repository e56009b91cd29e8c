import { describeFmt, fmtOf, MAX_HEADER_BYTES, readWavHeader, UNKNOWN_FROM, type WavHeader } from './riff.ts'

/**
 * Headers of plain samples that listeners receive as WAV: RIFX, which is RIFF with big-endian numbers; Wave64 (Sony), with names of
 * 16 bytes and sizes of 64 bits; AIFF and AIFF-C (Apple, 1989 and 1991); AU (Sun, "Audio File Format").
 */

/** Layout of chunks. */
interface Dialect {
  /** Names of the chunks with the format and with the samples. */
  readonly format: string
  readonly data: string
  readonly headBytes: number
  readonly align: number
  /** @returns the length of the content of the chunk at `at`, in bytes. */
  size(bytes: Buffer, at: number): number
}

const BIG = (bytes: Buffer, at: number) => bytes.readUInt32BE(at + 4)
const RIFX: Dialect = { format: 'fmt ', data: 'data', headBytes: 8, align: 2, size: BIG }
const AIFF: Dialect = { format: 'COMM', data: 'SSND', headBytes: 8, align: 2, size: BIG }
const WAVE64: Dialect = {
  format: 'fmt ',
  data: 'data',
  headBytes: 24,
  align: 8,
  size: (bytes, at) => Number(bytes.readBigUInt64LE(at + 16)) - 24,
}

type Result = WavHeader | string | undefined

const READERS: ReadonlyMap<string, (bytes: Buffer) => Result> = new Map([
  ['RIFX', (bytes) => readChunks(bytes, 12, RIFX, rifxHeader)],
  ['riff', (bytes) => readChunks(bytes, 40, WAVE64, (fmt, at, size) => describeFmt(fmt, at, knownSize(size)))],
  ['FORM', (bytes) => readChunks(bytes, 12, AIFF, (comm, at, size) => aiffHeader(bytes, comm, at, size))],
  ['.snd', auHeader],
])

const PCM = 1
const FLOAT = 3
const A_LAW = 6
const MU_LAW = 7

/** By AIFF-C's names of compressions: tag, and whether samples are little-endian. */
const COMPRESSIONS: Readonly<Record<string, { readonly tag: number; readonly isLittle?: boolean }>> = {
  NONE: { tag: PCM },
  twos: { tag: PCM },
  sowt: { tag: PCM, isLittle: true },
  fl32: { tag: FLOAT },
  FL32: { tag: FLOAT },
  fl64: { tag: FLOAT },
  ulaw: { tag: MU_LAW },
  alaw: { tag: A_LAW },
}
/** By AU's numbers: tag and bits. */
const AU_ENCODINGS: Readonly<Record<number, readonly [tag: number, bits: number]>> = {
  1: [MU_LAW, 8],
  2: [PCM, 8],
  3: [PCM, 16],
  4: [PCM, 24],
  5: [PCM, 32],
  6: [FLOAT, 32],
  7: [FLOAT, 64],
  27: [A_LAW, 8],
}

/** @returns whether one of these headers begins. @param head the first 12 bytes */
export function beginsPcmContainer(head: Buffer): boolean {
  const [start, form] = [head.toString('latin1', 0, 6), head.toString('latin1', 8, 12)]
  const isAiff = start.startsWith('FORM') && (form === 'AIFF' || form === 'AIFC')
  const isRifx = start.startsWith('RIFX') && form === 'WAVE'
  return isAiff || isRifx || start === 'riff\x2e\x91' || start === '.snd\0\0'
}

/** Reads the header that a stream of plain samples begins with, as `readWavHeader` does. */
export function readPcmHeader(bytes: Buffer): Result {
  const magic = bytes.toString('latin1', 0, 4)
  if (bytes.length < 4 && [...READERS.keys()].some((name) => name.startsWith(magic))) return undefined
  return (READERS.get(magic) ?? readWavHeader)(bytes)
}

function readChunks(
  bytes: Buffer,
  start: number,
  dialect: Dialect,
  describe: (format: Buffer, at: number, size: number) => Result,
): Result {
  const { format, data, headBytes, align } = dialect
  let fmt: Buffer | undefined
  for (let at = start; at <= MAX_HEADER_BYTES; ) {
    if (bytes.length < at + headBytes) return undefined
    const name = bytes.toString('latin1', at, at + 4)
    const size = dialect.size(bytes, at)
    if (name === data) {
      return fmt === undefined ? 'no format before the samples' : describe(fmt, at + headBytes, size)
    }
    const next = at + headBytes + Math.ceil(size / align) * align
    if (size < 0 || next > MAX_HEADER_BYTES) return `a chunk "${name}" of ${size} bytes before the samples`
    if (bytes.length < next) return undefined
    if (name === format) fmt = bytes.subarray(at + headBytes, at + headBytes + size)
    at = next
  }
  return 'no samples within the first 64 KiB'
}

function rifxHeader(fmt: Buffer, at: number, size: number): Result {
  if (fmt.length < 16) return 'no format before the samples'
  const tag = fmt.readUInt16BE(0) === 0xfffe && fmt.length >= 26 ? fmt.readUInt16BE(24) : fmt.readUInt16BE(0)
  return bigEndian(
    describeFmt(fmtOf(tag, fmt.readUInt16BE(2), fmt.readUInt32BE(4), fmt.readUInt16BE(14)), at, knownSize(size)),
  )
}

/** Samples begin behind an offset and the size of a block. */
function aiffHeader(bytes: Buffer, comm: Buffer, at: number, size: number): Result {
  if (comm.length < 18) return 'no format before the samples'
  if (bytes.length < at + 8) return undefined
  const skipped = 8 + bytes.readUInt32BE(at)
  if (at + skipped > MAX_HEADER_BYTES) return 'no samples within the first 64 KiB'
  if (bytes.length < at + skipped) return undefined
  const name = comm.length >= 22 ? comm.toString('latin1', 18, 22) : 'NONE'
  const compression = COMPRESSIONS[name]
  if (compression === undefined) return `samples of AIFF-C compression "${name}", which are not plain samples`
  const bits = compression.tag === MU_LAW || compression.tag === A_LAW ? 8 : Math.ceil(comm.readUInt16BE(6) / 8) * 8
  const fmt = fmtOf(compression.tag, comm.readUInt16BE(0), extendedNumber(comm, 8), bits)
  const header = describeFmt(fmt, at + skipped, knownSize(size - skipped))
  return compression.isLittle === true ? signed(header) : bigEndian(signed(header))
}

function auHeader(bytes: Buffer): Result {
  if (bytes.length < 24) return undefined
  const [at, size, encoding] = [bytes.readUInt32BE(4), bytes.readUInt32BE(8), bytes.readUInt32BE(12)]
  const [tag, bits] = AU_ENCODINGS[encoding] ?? []
  if (tag === undefined || bits === undefined) return `samples of AU encoding ${encoding}, which are not plain samples`
  if (at < 24 || at > MAX_HEADER_BYTES) return 'no samples within the first 64 KiB'
  if (bytes.length < at) return undefined
  return bigEndian(
    signed(describeFmt(fmtOf(tag, bytes.readUInt32BE(20), bytes.readUInt32BE(16), bits), at, knownSize(size))),
  )
}

function knownSize(size: number): number {
  return size <= 0 || (size >= UNKNOWN_FROM && size <= 0xffffffff) || !Number.isSafeInteger(size) ? Infinity : size
}

function bigEndian(header: WavHeader | string): WavHeader | string {
  return typeof header === 'string' ? header : { ...header, swappedBytes: header.bitsPerSample / 8 }
}

/** Marks 8-bit samples as signed; in WAV they are unsigned. */
function signed(header: WavHeader | string): WavHeader | string {
  const isChanged = typeof header === 'object' && header.tag === PCM && header.bitsPerSample === 8
  return isChanged ? { ...header, hasSign: true } : header
}

/** An 80-bit number of IEEE 754, as sampling rates are written: sign and exponent, then 64 bits of which the first is the integer. */
function extendedNumber(bytes: Buffer, at: number): number {
  const exponent = bytes.readUInt16BE(at) - 16383 - 31
  return Math.round(bytes.readUInt32BE(at + 2) * 2 ** exponent)
}
