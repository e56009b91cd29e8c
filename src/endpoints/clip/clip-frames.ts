import { createFrameFile } from '../../../filters/create-frame-file.ts'
import type { FilePlace, FrameFile } from '../../../filters/frame-file.ts'
import type { Epoch } from '../../stream/epoch.ts'
import { samplesOf } from '../../stream/samples-of.ts'
import type { Stream } from '../../stream/stream.ts'
import type { ClipTimes } from './clip-times.ts'

/** Frames of one format in the ring of a stream, and how to make a file of them. */
export interface ClipFrames {
  /** As in the ring, which may drop them meanwhile. */
  readonly frames: readonly Buffer[]
  /** Times at which the sound of the first frame began and that of the last one ended, in milliseconds of the clock. */
  readonly from: number
  readonly to: number
  /** Of the same frames: one to measure the file, the other to send it. */
  readonly files: readonly [FrameFile, FrameFile]
}

/**
 * Chooses the frames of a part of a stream. A clip ends where a player could not continue: at the first change of format behind its
 * beginning.
 * @param times in milliseconds of the clock @returns undefined: the ring has no frame of this time
 */
export function clipFrames(stream: Stream, times: ClipTimes): ClipFrames | undefined {
  const { ring, timeline, epochs } = stream
  const begin = timeline.seqAt(times.from)
  const epoch = epochs.at(begin)
  if (epoch === undefined) return undefined
  const end = Math.min(timeline.seqAt(times.to), endOfFormat(epochs.all(), begin))
  for (let at = begin; at < end; at++) {
    const samples = samplesOf({ isRaw: epoch.format.isRaw, plan: stream.plan })?.format
    const files = twoFiles({ frames: epochs.at(at) ?? epoch, ring, at, samples })
    if (files === undefined) continue
    const frames = Array.from({ length: end - at }, (_, i) => ring.at(at + i)?.bytes ?? Buffer.alloc(0))
    return { frames, from: timeline.timeOf(at) ?? 0, to: timeline.timeOf(end) ?? 0, files }
  }
  return undefined
}

/** Returns the number of the first frame behind `begin` that cannot follow in the same file. */
function endOfFormat(epochs: readonly Epoch[], begin: number): number {
  const next = epochs.find(({ from, isOther, header }) => from > begin && (isOther || header.length > 0))
  return next?.from ?? Number.POSITIVE_INFINITY
}

function twoFiles(place: FilePlace): [FrameFile, FrameFile] | undefined {
  const [one, other] = [createFrameFile(place), createFrameFile(place)]
  return one && other && [one, other]
}
