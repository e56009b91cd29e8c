import { closeSync, openSync, readSync } from 'node:fs'
import { createAuto } from '../../filters/auto/auto.ts'
import type { Frame } from '../../filters/frame-filter.ts'
import { beginsTag, TAG_HEAD_BYTES, tagBytes } from '../../filters/titles/tags.ts'
import { DEFAULTS } from '../filters/run-filter.ts'

/** Bytes of a file that are read when its beginning has no sound, because it may start with large pictures. */
const MOST_BYTES = 16 * 1024 * 1024
/** The end of a file is the end of its stream. */
const OPTIONS = { ...DEFAULTS, keepTail: true }

/** Bytes that the program drops, in their place. */
interface Hole {
  readonly bytes: number
  readonly why: string
}

/** The beginning of a file, as the program parses it. */
export interface Sample {
  readonly bytes: Buffer
  readonly contentType: string
  /** Such as `MPEG-1 Layer III, 44100 Hz, stereo, 128 kbit/s`. */
  readonly description: string
  /** Duration of its frames; 0 when it is not known. */
  readonly seconds: number
  readonly frames: number
  /** Length of the frames, in bytes. */
  readonly frameBytes: number
  /** Message of the program that refuses it, or the rest of it; undefined: it does not. */
  readonly refusal: string | undefined
  /** Dropped bytes, because of which a decoder may get other sound. */
  readonly holes: readonly Hole[]
}

/** @param most number of bytes to read, unless there is no sound in them. */
export function takeSample(path: string, most: number): Sample {
  const sample = parse(readStart(path, most))
  const isSilent = sample.frames === 0 && sample.bytes.length === most
  return isSilent ? parse(readStart(path, MOST_BYTES)) : sample
}

/** Parses bytes as the program does. */
export function parse(bytes: Buffer): Sample {
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

/** Decoders skip the claimed length of a tag. The program continues where frames follow. */
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
