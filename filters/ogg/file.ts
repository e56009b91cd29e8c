import type { FilePlace, FrameFile } from '../frame-file.ts'
import { createPlainFile } from '../plain-file.ts'

/** Makes a file of Ogg. */
export function createOggFile(place: FilePlace, preamble: Buffer): FrameFile {
  return createPlainFile(place, preamble)
}
