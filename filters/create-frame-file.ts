import type { FilePlace, FrameFile } from './frame-file.ts'
import { PlainFile } from './plain-file.ts'
import { createSamplesFile, createWavFile } from './wav/file.ts'

const RAW_TYPE = 'application/octet-stream'

/** Extensions by media type. */
const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ['audio/mpeg', '.mp3'],
  ['audio/aac', '.aac'],
  ['audio/flac', '.flac'],
  ['audio/ogg', '.ogg'],
  ['application/ogg', '.ogg'],
  ['audio/wav', '.wav'],
])

/**
 * Makes a file that begins with a frame.
 * @returns undefined when none can begin with it: the next frame must be tried.
 */
export function createFrameFile(place: FilePlace): FrameFile | undefined {
  const { frames, ring, at } = place
  const { header, format } = frames
  const preamble = frames.preamble(at, ring, true, at)
  if (preamble === null) return undefined
  const type = mediaTypeOf(format.name)
  if (header.length === 0) {
    if (type === 'audio/wav' && preamble.length > 0) return createWavFile(preamble)
    if (place.samples !== undefined) return createSamplesFile(place.samples)
  }
  const contentType = format.contentType ?? RAW_TYPE
  const extension = EXTENSIONS.get(type) ?? EXTENSIONS.get(mediaTypeOf(contentType)) ?? '.bin'
  return new PlainFile(extension, contentType, Buffer.concat([header, preamble]))
}

/** Returns a media type without its parameters, and without a description behind it. */
function mediaTypeOf(name: string): string {
  return /^[^ ;(]*/.exec(name)?.[0] ?? ''
}
