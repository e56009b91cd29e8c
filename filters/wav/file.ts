import type { FilePlace, FrameFile, Patch } from '../frame-file.ts'
import { createPlainFile } from '../plain-file.ts'
import { endlessWavHeader } from './header.ts'

/**
 * WAV files: Microsoft, "Multimedia Programming Interface and Data Specifications 1.0"; above 4 GiB RF64, EBU Tech 3306.
 *
 * ```
 *   while it grows  RIFF ffffffff WAVE | JUNK 28 zeros                         | fmt ... | fact ffffffff | data ffffffff | samples
 *   complete        RIFF bytes    WAVE | JUNK 28 zeros                         | fmt ... | fact samples  | data bytes    | samples
 *   above 4 GiB     RF64 ffffffff WAVE | ds64 bytes, bytes of samples, samples | fmt ... | fact ffffffff | data ffffffff | samples
 * ```
 *
 * Players read to the end of the file where a size is unknown.
 */

/** Length of `RIFF`, its size and `WAVE`, in bytes. */
const FORM_BYTES = 12
const CHUNK_HEAD_BYTES = 8
/** Length of the content of `ds64` without a table: three numbers of 64 bits, and the length of the table. */
const DS64_BYTES = 28
/** Position of the size of a block in the chunk `fmt `, from the start of its head, in bytes. */
const BLOCK_BYTES_AT = 20
/** Value of a size that is unknown, or in `ds64`. */
const UNKNOWN = 0xffffffff
const NOTHING = Buffer.alloc(0)
const PADDING = Buffer.alloc(1)

class WavFile implements FrameFile {
  readonly extension = '.wav'
  readonly contentType = 'audio/wav'
  readonly head: Buffer
  readonly #blockBytes: number
  #dataBytes = 0

  constructor(endlessHeader: Buffer) {
    const reserve = Buffer.alloc(CHUNK_HEAD_BYTES + DS64_BYTES)
    reserve.write('JUNK', 'latin1')
    reserve.writeUInt32LE(DS64_BYTES, 4)
    this.head = Buffer.concat([endlessHeader.subarray(0, FORM_BYTES), reserve, endlessHeader.subarray(FORM_BYTES)])
    this.#blockBytes = endlessHeader.readUInt16LE(FORM_BYTES + BLOCK_BYTES_AT)
  }

  add(frames: readonly Buffer[]): readonly Buffer[] {
    for (const frame of frames) this.#dataBytes += frame.length
    return frames
  }

  rejoin(): Buffer {
    return NOTHING
  }

  end() {
    const tail = this.#dataBytes % 2 === 1 ? PADDING : NOTHING
    const bytes = this.#completeHead(this.head.length - CHUNK_HEAD_BYTES + this.#dataBytes + tail.length)
    const patches: Patch[] = [{ at: 0, bytes }]
    return { tail, patches }
  }

  /** @param riffBytes length of the file behind the first size. */
  #completeHead(riffBytes: number): Buffer {
    const head = Buffer.from(this.head)
    const samples = Math.floor(this.#dataBytes / this.#blockBytes)
    if (riffBytes >= UNKNOWN) {
      head.write('RF64', 'latin1')
      head.write('ds64', FORM_BYTES, 'latin1')
      const fields = [riffBytes, this.#dataBytes, samples]
      fields.forEach((value, i) => head.writeBigUInt64LE(BigInt(value), FORM_BYTES + CHUNK_HEAD_BYTES + i * 8))
      return head
    }
    head.writeUInt32LE(riffBytes, 4)
    head.writeUInt32LE(this.#dataBytes, head.length - 4)
    const fact = head.indexOf('fact', FORM_BYTES + CHUNK_HEAD_BYTES + DS64_BYTES, 'latin1')
    if (fact >= 0) head.writeUInt32LE(samples, fact + CHUNK_HEAD_BYTES)
    return head
  }
}

/** Makes a file of frames whose listeners receive the header of an endless WAV stream. */
export function createWavFile(place: FilePlace, header: Buffer): FrameFile {
  return isEndlessHeader(header) ? new WavFile(header) : createPlainFile(place, header)
}

/** Makes a file of raw samples; of bytes, when their format is not known. */
export function createSamplesFile(place: FilePlace, preamble: Buffer): FrameFile {
  return place.samples === undefined ? createPlainFile(place, preamble) : new WavFile(endlessWavHeader(place.samples))
}

/** Whether bytes are a header as this program makes it; a user's filter may have another. */
function isEndlessHeader(header: Buffer): boolean {
  return (
    header.toString('latin1', FORM_BYTES, FORM_BYTES + 4) === 'fmt ' &&
    header.toString('latin1', header.length - CHUNK_HEAD_BYTES, header.length - 4) === 'data'
  )
}
