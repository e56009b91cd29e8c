import { ByteQueue } from '../bytes/byte-queue.ts'
import { crc16Step } from '../bytes/crc.ts'
import type { Emit, FilterOptions, FrameFilter } from '../frame-filter.ts'
import { isCandidate, nextCandidate } from './candidates.ts'
import { FLAC_MAX_HEADER_BYTES, type FlacHeader, largestFrame, mayFollow, readFlacHeader } from './header.ts'
import { FlacSequence } from './sequence.ts'
import { beginsFlac, type FlacStart, FlacStartReader } from './start.ts'
import { bytesBeforeTag } from './tag-end.ts'

/** What the scanner finds in the middle of a frame: the next one, or another stream. */
type Boundary = FlacHeader | 'start' | undefined

/**
 * Cuts FLAC into frames. No header says how long its frame is, so a frame goes on up to the next header, and is believed when
 * its CRC-16 is right there. A header in front of which it is wrong, but with a number that is to be expected, follows a broken
 * frame.
 *
 * ```
 *   [header ........ CRC-16][header .....
 *   ^ first unread byte  ^ scanned: the check of all bytes before it is known, so that no byte is read twice
 * ```
 */
export class FlacScanner implements Pick<FrameFilter, 'skippedBytes' | 'push' | 'end'> {
  /** Bytes that no frame could start with, metadata not counted. */
  skippedBytes = 0
  /** Whether a frame was longer than `-frame-bytes` allows. */
  wasTooLong = false
  readonly #queue = new ByteQueue()
  readonly #reader = new FlacStartReader(this.#queue)
  readonly #limit: number
  readonly #sequence: FlacSequence
  /** The frame that the first unread byte begins. */
  #frame: FlacHeader | undefined
  #scanned = 0
  #crc = 0
  /** Bytes that must be queued before the next decision. */
  #need = 1

  constructor(options: FilterOptions) {
    this.#limit = options.frameBytes ?? Number.POSITIVE_INFINITY
    this.#sequence = new FlacSequence(options.ring, options.isCut === true)
  }

  /** The last stream that began; undefined before the first. */
  get start(): FlacStart | undefined {
    return this.#reader.start
  }

  push(chunk: Buffer, emit: Emit): void {
    this.#queue.append(chunk)
    if (this.#queue.length >= this.#need) this.#run(false, emit)
  }

  /** See `FrameFilter.flush`. */
  flush(emit: Emit): void {
    this.#run(true, emit)
  }

  end(emit: Emit): void {
    this.#run(true, emit)
  }

  #run(ended: boolean, emit: Emit): void {
    this.#need = 1
    while (this.#queue.length > 0) {
      const need = this.#frame === undefined ? this.#begin(ended) : this.#scan(this.#frame, ended, emit)
      if (need > this.#queue.length && !ended) {
        this.#need = need
        return
      }
    }
  }

  /** Every step takes bytes from the queue and returns 0, or returns how many bytes it needs; after the end it needs none. */
  #begin(ended: boolean): number {
    const need = this.#reader.read(ended)
    if (need !== undefined) return need
    if (this.#queue.length < FLAC_MAX_HEADER_BYTES && !ended) return FLAC_MAX_HEADER_BYTES
    const found = this.#boundary(0)
    if (typeof found === 'object') this.#expect(found)
    else this.#skip(nextCandidate(this.#queue))
    return 0
  }

  /** Hot path: looks at every byte of every frame. */
  #scan(frame: FlacHeader, ended: boolean, emit: Emit): number {
    const queue = this.#queue
    const longest = Math.min(this.#limit, this.start === undefined ? 0 : largestFrame(frame, this.start.info))
    while (this.#scanned < queue.length && this.#scanned <= longest) {
      const piece = queue.piece(this.#scanned)
      const end = Math.min(piece.length, longest + 1 - this.#scanned)
      let crc = this.#crc
      for (let i = 0; i < end; i++) {
        const byte = piece[i] ?? 0
        if (isCandidate(byte, piece[i + 1]) && this.#scanned + i > 0) {
          this.#scanned += i
          this.#crc = crc
          const need = this.#meet(frame, ended, emit)
          if (need !== undefined) return need
          this.#scanned -= i
        }
        crc = crc16Step(crc, byte)
      }
      this.#crc = crc
      this.#scanned += end
    }
    if (this.#scanned > longest) {
      this.wasTooLong ||= longest === this.#limit
      this.#giveUp(frame, emit)
    } else if (ended && this.#crc === 0) this.#emit(frame, emit)
    else if (ended) this.#giveUp(frame, emit)
    return ended ? 0 : queue.length + 1
  }

  /** @returns undefined when the frame goes on here; else as a step does. */
  #meet(frame: FlacHeader, ended: boolean, emit: Emit): number | undefined {
    const need = this.#scanned + FLAC_MAX_HEADER_BYTES
    if (this.#queue.length < need && !ended) return need
    const next = this.#boundary(this.#scanned)
    if (next === undefined) return undefined
    const isWhole = this.#crc === 0
    if (isWhole) this.#emit(frame, emit)
    else if (next === 'start') this.#giveUp(frame, emit)
    else if (mayFollow(next, frame)) this.#skip(this.#scanned)
    else return undefined
    if (next !== 'start') this.#expect(next)
    return 0
  }

  /** What begins at `offset`. */
  #boundary(offset: number): Boundary {
    const at = this.#queue.look(offset, FLAC_MAX_HEADER_BYTES)
    const { found } = this.#queue
    if (beginsFlac(found, at)) return 'start'
    return this.start && readFlacHeader(found, at, this.start.info)
  }

  #expect(frame: FlacHeader): void {
    this.#frame = frame
    this.#scanned = 0
    this.#crc = 0
  }

  #emit(frame: FlacHeader, emit: Emit): void {
    this.#frame = undefined
    const { start } = this
    if (start !== undefined) emit(this.#sequence.frame(this.#queue.take(this.#scanned), frame, start))
  }

  /** No frame ends here, but one may have ended before a tag. */
  #giveUp(frame: FlacHeader, emit: Emit): void {
    const whole = bytesBeforeTag(this.#queue, this.#scanned)
    if (whole === 0) return this.#skip(this.#scanned)
    this.#scanned = whole
    this.#emit(frame, emit)
  }

  #skip(bytes: number): void {
    this.#frame = undefined
    this.skippedBytes += bytes
    this.#queue.drop(bytes)
  }
}
