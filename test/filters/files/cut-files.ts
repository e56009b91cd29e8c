import { createFrameFile } from '../../../filters/create-frame-file.ts'
import type { FilePlace, FrameFile } from '../../../filters/frame-file.ts'
import type { CreateFilter, Frame, FrameFilter, RingView } from '../../../filters/frame-filter.ts'
import type { PcmFormat } from '../../../filters/pcm-format.ts'
import { runFilter } from '../run-filter.ts'

/** A file that was made of some frames. */
export interface CutFile {
  readonly bytes: Buffer
  /** As long as the file grows. */
  readonly unfinished: Buffer
  readonly extension: string
  /** Number of its first frame, and of the first one behind it. */
  readonly from: number
  readonly to: number
}

/** All frames of a stream, which stay. */
export interface Frames {
  readonly filter: FrameFilter
  readonly ring: RingView
  readonly frames: readonly Frame[]
  readonly samples: PcmFormat | undefined
}

/** Cuts a whole stream into frames. @param samples format of raw samples */
export function framesOf(create: CreateFilter, bytes: Buffer, samples?: PcmFormat): Frames {
  const raw = samples && { blockBytes: samples.blockBytes, byteUs: 1e6 / (samples.rate * samples.blockBytes) }
  const options = { frameBytes: undefined, blockBytes: 1, byteUs: 0, keepTail: true, silentByte: 0, splice: true }
  const { filter, frames } = runFilter(create, [bytes], { ...options, ...raw })
  return { filter, frames, ring: { first: 0, next: frames.length, at: (seq) => frames[seq] }, samples }
}

/** Returns the place of a frame. */
export function placeOf({ filter, ring, samples }: Frames, at: number): FilePlace {
  const { contentType, format } = filter
  const name = format === undefined ? `${contentType}` : `${contentType} (${format})`
  const frames = {
    from: 0,
    header: Buffer.alloc(0),
    format: { contentType, name },
    preamble: (seq: number, view: RingView, joining: boolean, missedFrom: number) =>
      filter.preamble === undefined ? Buffer.alloc(0) : filter.preamble(seq, view, joining, missedFrom),
  }
  return { frames, ring, at, samples: samples ?? undefined }
}

/** Cuts all frames into files that begin every `seconds`. @param group frames that are added at once */
export function filesEvery(seconds: number, frames: Frames, group = 1000): CutFile[] {
  const files: CutFile[] = []
  let [from, us] = [0, 0]
  frames.frames.forEach(({ durationUs }, i) => {
    us += durationUs
    const isLast = i === frames.frames.length - 1
    if (us < (files.length + 1) * seconds * 1e6 && !isLast) return
    files.push(fileOf(frames, from, i + 1, group))
    from = i + 1
  })
  return files
}

/** Makes a file of some frames. */
export function fileOf(frames: Frames, from: number, to: number, group = 1000): CutFile {
  let start = from
  let file = createFrameFile(placeOf(frames, start))
  while (file === undefined && start < to) file = createFrameFile(placeOf(frames, ++start))
  if (file === undefined) throw new Error(`no file can begin at frames ${from} to ${to}`)
  const parts = [file.head]
  for (let at = start; at < to; at += group) {
    const bytes = frames.frames.slice(at, Math.min(to, at + group)).map((frame) => frame.bytes)
    parts.push(...file.add(bytes))
  }
  const unfinished = Buffer.concat(parts)
  return { bytes: completed(unfinished, file), unfinished, extension: file.extension, from: start, to }
}

/** Ends a file as its writer does. */
export function completed(unfinished: Buffer, file: FrameFile): Buffer {
  const { tail, patches } = file.end()
  const bytes = Buffer.concat([unfinished, tail])
  for (const patch of patches) patch.bytes.copy(bytes, patch.at)
  return bytes
}
