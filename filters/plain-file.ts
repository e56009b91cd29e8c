import type { FilePlace, FrameFile } from './frame-file.ts'

const NO_END = { tail: Buffer.alloc(0), patches: [] }

/** A file that is a preamble and frames, without numbers or totals. */
export class PlainFile implements FrameFile {
  readonly extension: string
  readonly contentType: string
  readonly head: Buffer

  /** @param preamble see `FrameFilter.preamble` */
  constructor(extension: string, contentType: string, preamble: Buffer) {
    this.extension = extension
    this.contentType = contentType
    this.head = preamble
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
