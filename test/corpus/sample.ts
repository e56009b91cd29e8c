import { closeSync, openSync, readSync } from 'node:fs'
import { createAuto } from '../../filters/auto.ts'
import { DEFAULTS, runFilter } from '../filters/run-filter.ts'

/** A file of which this much has no sound may begin with large pictures: more of it is taken then. In bytes. */
const MOST_BYTES = 16 * 1024 * 1024
/** Nothing comes after the end of a file. */
const OPTIONS = { ...DEFAULTS, keepTail: true }

/** The beginning of a file, and how the program understands it. */
export interface Sample {
  readonly bytes: Buffer
  readonly contentType: string
  /** Such as `MPEG-1 Layer III, 44100 Hz, stereo, 128 kbit/s`. */
  readonly description: string
  /** How long its frames last; 0 when that is not known. */
  readonly seconds: number
  readonly frames: number
  /** Why the program makes less of it than a decoder might, in its own words; undefined when there is no reason. */
  readonly remark: string | undefined
}

/** @param most bytes to take, unless there is no sound in them. */
export function takeSample(path: string, most: number): Sample {
  const sample = understand(readStart(path, most))
  const isSilent = sample.frames === 0 && sample.bytes.length === most
  return isSilent ? understand(readStart(path, MOST_BYTES)) : sample
}

/** Looks at bytes as the program does. */
export function understand(bytes: Buffer): Sample {
  const { filter, frames, skippedBytes } = runFilter(createAuto, [bytes], OPTIONS)
  const { contentType = 'unknown', description = '', refusal, complaint } = filter
  const skipped = skippedBytes > 0 ? `${skippedBytes} bytes belong to no frame` : undefined
  return {
    bytes,
    contentType,
    description,
    seconds: frames.reduce((sum, { durationUs }) => sum + durationUs, 0) / 1e6,
    frames: frames.length,
    remark: refusal ?? complaint ?? skipped,
  }
}

function readStart(path: string, most: number): Buffer {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(most)
    return bytes.subarray(0, readSync(file, bytes, 0, most, 0))
  } finally {
    closeSync(file)
  }
}
