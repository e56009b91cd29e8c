import type { FilePlace, FrameFile } from './frame-file.ts'

/** Extensions by media type. */
const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ['audio/mpeg', '.mp3'],
  ['audio/aac', '.aac'],
  ['audio/flac', '.flac'],
  ['audio/ogg', '.ogg'],
  ['application/ogg', '.ogg'],
  ['audio/wav', '.wav'],
])
const RAW_TYPE = 'application/octet-stream'
const NO_END = { tail: Buffer.alloc(0), patches: [] }

/** A file that is a preamble and frames, without numbers or totals. */
class PlainFile implements FrameFile {
  readonly extension: string
  readonly contentType: string
  readonly head: Buffer

  constructor(extension: string, contentType: string, head: Buffer) {
    this.extension = extension
    this.contentType = contentType
    this.head = head
  }

  add(frames: readonly Buffer[]): readonly Buffer[] {
    return frames
  }

  rejoin({ frames, ring, at }: FilePlace, missedFrom: number): Buffer | null {
    return frames.preamble(at, ring, false, missedFrom)
  }

  end() {
    return NO_END
  }
}

/**
 * Makes a file of a format that has neither numbers nor totals. AAC in ADTS is one: no field of it makes decoders leave samples out, so
 * a frame before the first one, with which its 1024 samples would be exact, would play twice.
 * @param known extension of its name; default: by the media type
 */
export function createPlainFile({ frames }: FilePlace, preamble: Buffer, known?: string): FrameFile {
  const { contentType = RAW_TYPE, name } = frames.format
  const extension = known ?? extensionOf(name) ?? extensionOf(contentType) ?? '.bin'
  return new PlainFile(extension, contentType, Buffer.concat([frames.header, preamble]))
}

function extensionOf(type: string): string | undefined {
  return EXTENSIONS.get(mediaTypeOf(type))
}

/** Returns a media type without its parameters, and without a description behind it. */
export function mediaTypeOf(name: string): string {
  return /^[^ ;(]*/.exec(name)?.[0] ?? ''
}
