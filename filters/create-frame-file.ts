import { createFlacFile } from './flac/file.ts'
import type { FilePlace, FrameFile } from './frame-file.ts'
import { createMpegFile } from './mpeg/file.ts'
import { createOggFile } from './ogg/file.ts'
import { createPlainFile, mediaTypeOf } from './plain-file.ts'
import { createSamplesFile, createWavFile } from './wav/file.ts'

/** @param preamble bytes that a listener receives before the first frame when it joins there */
type CreateFile = (place: FilePlace, preamble: Buffer) => FrameFile

const RAW_TYPE = 'application/octet-stream'

const FILES: ReadonlyMap<string, CreateFile> = new Map([
  ['audio/mpeg', createMpegFile],
  ['audio/flac', createFlacFile],
  ['audio/ogg', createOggFile],
  ['application/ogg', createOggFile],
  ['audio/wav', createWavFile],
  [RAW_TYPE, createSamplesFile],
])

/**
 * Makes a file that begins with a frame.
 * @returns undefined when none can begin with it: the next frame must be tried.
 */
export function createFrameFile(place: FilePlace): FrameFile | undefined {
  const { frames, ring, at } = place
  const preamble = frames.preamble(at, ring, true, at)
  if (preamble === null) return undefined
  const create =
    frames.header.length > 0 ? createPlainFile : (FILES.get(mediaTypeOf(frames.format.name)) ?? createPlainFile)
  return create(place, preamble)
}
