import { createHash } from 'node:crypto'
import type { CreateFilter, FilterOptions, Frame, FrameFilter } from '../../filters/frame-filter.ts'

/** Defaults of the command line. */
export const DEFAULTS: FilterOptions = {
  frameBytes: undefined,
  blockBytes: 1,
  byteUs: 0,
  keepTail: false,
  silentByte: 0,
  splice: true,
}

/** Output of a filter. */
export interface Outcome {
  readonly filter: FrameFilter
  readonly frames: readonly Frame[]
  readonly skippedBytes: number
  /** True when no frame changed after it was emitted. */
  readonly unchanged: boolean
}

/** Pushes all chunks into a new filter, and ends it. */
export function runFilter(create: CreateFilter, chunks: readonly Buffer[], options: FilterOptions = DEFAULTS): Outcome {
  const filter = create(options)
  const frames: Frame[] = []
  const digests: string[] = []
  const emit = (frame: Frame) => {
    frames.push(frame)
    digests.push(digest(frame.bytes))
  }
  for (const chunk of chunks) filter.push(chunk, emit)
  filter.end(emit)
  const unchanged = frames.every((frame, i) => digest(frame.bytes) === digests[i])
  return { filter, frames, skippedBytes: filter.skippedBytes, unchanged }
}

/** The part of an outcome that must not depend on how the input is cut. */
export function summary({ filter, frames, skippedBytes }: Outcome) {
  const sizes = frames.map((frame) => frame.bytes.length)
  const { contentType, format, description, refusal } = filter
  return { sizes, digest: digest(joined(frames)), skippedBytes, contentType, format, description, refusal }
}

/** Bytes of all frames, concatenated. */
export function joined(frames: readonly Frame[]): Buffer {
  return Buffer.concat(frames.map((frame) => frame.bytes))
}

/** Cuts `bytes` into chunks of the given sizes, repeatedly, each in memory of its own. */
export function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const end = at + (sizes[i % sizes.length] ?? 1)
    chunks.push(Buffer.from(bytes.subarray(at, end)))
    at = end
  }
  return chunks
}

function digest(bytes: Buffer): string {
  return createHash('sha1').update(bytes).digest('hex')
}
