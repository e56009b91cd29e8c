import { closeSync, openSync, readSync } from 'node:fs'
import { createAuto } from '../../filters/auto/auto.ts'
import type { Frame } from '../../filters/frame-filter.ts'
import { beginsTag, TAG_HEAD_BYTES, tagBytes } from '../../filters/titles/tags.ts'
import { DEFAULTS } from '../filters/run-filter.ts'

/** A file of which this much has no sound may begin with large pictures: more of it is taken then. In bytes. */
const MOST_BYTES = 16 * 1024 * 1024
/** Nothing comes after the end of a file. */
const OPTIONS = { ...DEFAULTS, keepTail: true }

/** Bytes that the program leaves out, in their place. */
interface Hole {
  readonly bytes: number
  readonly why: string
}

/** The beginning of a file, and how the program understands it. */
export interface Sample {
  readonly bytes: Buffer
  readonly contentType: string
  /** Such as `MPEG-1 Layer III, 44100 Hz, stereo, 128 kbit/s`. */
  readonly description: string
  /** How long its frames last; 0 when that is not known. */
  readonly seconds: number
  readonly frames: number
  /** Length of the frames, in bytes. */
  readonly frameBytes: number
  /** Why the program makes nothing of it, or no more, in its own words; undefined when there is no reason. */
  readonly refusal: string | undefined
  /** Why the program makes something else of it than a decoder might. */
  readonly holes: readonly Hole[]
}

/** @param most bytes to take, unless there is no sound in them. */
export function takeSample(path: string, most: number): Sample {
  const sample = understand(readStart(path, most))
  const isSilent = sample.frames === 0 && sample.bytes.length === most
  return isSilent ? understand(readStart(path, MOST_BYTES)) : sample
}

/** Looks at bytes as the program does. */
export function understand(bytes: Buffer): Sample {
  const filter = createAuto(OPTIONS)
  const frames: Frame[] = []
  const holes: Hole[] = []
  let skipped = 0
  const look = (why: string) => {
    const more = filter.skippedBytes - skipped
    if (more > 0) holes.push({ bytes: more, why: `${more} bytes ${why}` })
    skipped = filter.skippedBytes
  }
  const emit = (frame: Frame) => {
    look('belong to no frame')
    frames.push(frame)
  }
  filter.push(bytes, emit)
  filter.end(emit)
  look('at the end are no whole frame')
  const { contentType = 'unknown', description = '', refusal, complaint } = filter
  return {
    bytes,
    contentType,
    description,
    seconds: frames.reduce((sum, { durationUs }) => sum + durationUs, 0) / 1e6,
    frames: frames.length,
    frameBytes: frames.reduce((sum, frame) => sum + frame.bytes.length, 0),
    refusal: refusal ?? complaint,
    holes: [...holes, ...endlessTags(bytes)],
  }
}

/** Decoders pass over as many bytes as a tag claims to have. The program goes on where frames follow it. */
function endlessTags(bytes: Buffer): Hole[] {
  const holes: Hole[] = []
  for (
    let at = bytes.indexOf('ID3');
    at >= 0 && at + TAG_HEAD_BYTES <= bytes.length;
    at = bytes.indexOf('ID3', at + 3)
  ) {
    const rest = bytes.length - at
    const claimed = beginsTag(bytes, at) ? tagBytes(bytes, at) : 0
    if (claimed > rest) holes.push({ bytes: rest, why: `a tag claims ${claimed} of the last ${rest} bytes` })
  }
  return holes
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
