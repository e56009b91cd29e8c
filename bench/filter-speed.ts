/** Speed of cutting a stream into frames, and allocations meanwhile. */

import { Session } from 'node:inspector/promises'
import CodecParser from 'codec-parser'
import type { CreateFilter, FilterOptions } from '../filters/frame-filter.ts'
import type { ParserType } from './encoded-streams.ts'

/** Cuts all chunks into frames. @returns the number of frames. */
export type Framer = (chunks: readonly Buffer[]) => number

/** Defaults of the command line. */
export const DEFAULTS: FilterOptions = {
  frameBytes: undefined,
  blockBytes: 1,
  byteUs: 0,
  keepTail: false,
  silentByte: 0,
  splice: true,
}

/** Uses one of our filters, a new one for each stream. */
export function filterFramer(create: CreateFilter): Framer {
  return (chunks) => {
    const filter = create(DEFAULTS)
    let frames = 0
    const emit = () => {
      frames++
    }
    for (const chunk of chunks) filter.push(chunk, emit)
    filter.end(emit)
    return frames
  }
}

/** Uses codec-parser, without the checksum that it computes for each frame. */
export function parserFramer(type: ParserType): Framer {
  return (chunks) => {
    const parser = new CodecParser(type, { enableFrameCRC32: false })
    let frames = 0
    for (const chunk of chunks) frames += countOf(parser.parseChunk(chunk))
    return frames + countOf(parser.flush())
  }
}

function countOf(found: Iterator<unknown>): number {
  let count = 0
  while (found.next().done !== true) count++
  return count
}

/** Returns chunks as a pipe yields them: each in memory of its own. */
export function chunksOf(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => {
    const piece = bytes.subarray(i * size, (i + 1) * size)
    const chunk = Buffer.allocUnsafeSlow(piece.length)
    piece.copy(chunk)
    return chunk
  })
}

/** Cuts the stream repeatedly for at least `ms` milliseconds. @returns the CPU time of the whole stream, in microseconds. */
export function timeFramer(framer: Framer, chunks: readonly Buffer[], ms: number): number {
  const before = process.cpuUsage()
  let spentUs = 0
  let runs = 0
  for (; spentUs < ms * 1000; runs++) {
    framer(chunks)
    const { user, system } = process.cpuUsage(before)
    spentUs = user + system
  }
  return spentUs / runs
}

/** Mean distance of two samples of the allocation profiler, in bytes. */
const SAMPLING_BYTES = 256

/**
 * Bytes that a framer allocates on V8's heap for each frame, by sampling. Frames that it has to copy are stored off the heap
 * and not included.
 */
export async function allocatedPerFrame(framer: Framer, chunks: readonly Buffer[]): Promise<number> {
  const session = new Session()
  session.connect()
  const everything = { includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true }
  await session.post('HeapProfiler.startSampling', { samplingInterval: SAMPLING_BYTES, ...everything })
  const frames = framer(chunks)
  const { profile } = await session.post('HeapProfiler.stopSampling')
  session.disconnect()
  return bytesUnder(profile.head) / frames
}

/** Allocations of a call and of the calls below it. */
interface Allocator {
  readonly selfSize: number
  readonly children: readonly Allocator[]
}

function bytesUnder({ selfSize, children }: Allocator): number {
  return children.reduce((bytes, child) => bytes + bytesUnder(child), selfSize)
}
