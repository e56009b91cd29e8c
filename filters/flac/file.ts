import type { FilePlace, FrameFile } from '../frame-file.ts'
import { createPlainFile } from '../plain-file.ts'
import { headerOfFrame } from './header.ts'
import { FLAC_NUMBERS, withNumber } from './number.ts'
import { beginsFlac, INFO_AT, START_BYTES } from './start.ts'
import { StreamTotals } from './streaminfo.ts'

const NOTHING = Buffer.alloc(0)

/** FLAC files (RFC 9639): frames numbered from 0, and in the end their totals in STREAMINFO. */
class FlacFile implements FrameFile {
  readonly extension = '.flac'
  readonly contentType = 'audio/flac'
  readonly head: Buffer
  readonly #totals = new StreamTotals()

  constructor(head: Buffer) {
    this.head = head
  }

  add(frames: readonly Buffer[]): readonly Buffer[] {
    return frames.map((frame) => this.#numbered(frame))
  }

  rejoin(): Buffer {
    return NOTHING
  }

  end() {
    const bytes = Buffer.from(this.head)
    this.#totals.write(bytes, INFO_AT)
    return { tail: NOTHING, patches: [{ at: 0, bytes }] }
  }

  #numbered(frame: Buffer): Buffer {
    const header = headerOfFrame(frame)
    if (header === undefined) return frame
    const numbered = withNumber(frame, header, this.#totals.samples % FLAC_NUMBERS)
    this.#totals.add(header.blockSize, numbered.length)
    return numbered
  }
}

/** Makes a file of FLAC without Ogg; a plain one of frames of a filter that has another preamble. */
export function createFlacFile(place: FilePlace, preamble: Buffer): FrameFile {
  const isStart = preamble.length === START_BYTES && beginsFlac(preamble, 0)
  return isStart ? new FlacFile(preamble) : createPlainFile(place, preamble)
}
