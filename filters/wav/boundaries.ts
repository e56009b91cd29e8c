import type { ByteQueue } from '../bytes/byte-queue.ts'
import { beginsWav } from './riff.ts'

/**
 * Finds the end of one WAV stream and the start of the next one in the same pipe. `RIFF....WAVE` and the name of a chunk are
 * not a coincidence, so a header counts at any position: writers that cannot know the number of samples write an arbitrary one,
 * and a writer that was ended early leaves half a sample behind.
 */

/** Number of bytes that show whether a header begins. */
export const WAV_MAGIC_BYTES = 16
/** Size of the start of a header, up to `WAVE`, in bytes. */
const FORM_BYTES = 12
const FORM_TYPE_AT = 8
/** The first bytes of the names of files with samples. */
const [R, B] = [0x52, 0x42] as const
const CHUNK_HEAD_BYTES = 8
/** Maximum size of a chunk behind the samples, in bytes; with a larger one, the bytes are not a chunk. */
const MAX_CHUNK_BYTES = 16 * 1024 * 1024

/** Hot path. @returns where a header may begin, `from` or later; the length of `bytes` when none may. */
export function nextWav(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf('WAVE', from + FORM_TYPE_AT); at >= 0; at = bytes.indexOf('WAVE', at + 1)) {
    if (beginsWav(bytes.subarray(at - FORM_TYPE_AT, at + 4)) === true) return at - FORM_TYPE_AT
  }
  for (let at = Math.max(from, bytes.length - FORM_BYTES + 1); at < bytes.length; at++) {
    const first = bytes[at]
    if (first !== R && first !== B) continue
    if (beginsWav(bytes.subarray(at, at + FORM_BYTES)) !== false) return at
  }
  return bytes.length
}

/** Whether the queue begins with a header; it holds `WAV_MAGIC_BYTES` or all that is left. */
export function isWavNext(queue: ByteQueue): boolean {
  const at = queue.look(0, WAV_MAGIC_BYTES)
  const head = queue.found.subarray(at, at + WAV_MAGIC_BYTES)
  return beginsWav(head) === true && /^[ -~]{4}$/.test(head.toString('latin1', FORM_BYTES, WAV_MAGIC_BYTES))
}

/** Skips the bytes behind the samples of a file, up to the next header. */
export class WavTrailer {
  /** Bytes that were dropped and are not chunks of the file. */
  droppedBytes = 0
  readonly #queue: ByteQueue
  /** Bytes of a chunk that have not been received yet. */
  #chunkLeft = 0
  /** The next bytes may be a chunk: all bytes since the samples were. */
  #isInChunks = false
  #mayBePadding = false

  constructor(queue: ByteQueue) {
    this.#queue = queue
  }

  /** The samples have ended. @param dataBytes their number: behind an odd one there is a byte of padding. */
  begin(dataBytes: number): void {
    this.#isInChunks = true
    this.#chunkLeft = 0
    this.#mayBePadding = dataBytes % 2 === 1
  }

  /** The following bytes cannot be used. */
  distrust(): void {
    this.#isInChunks = false
    this.#chunkLeft = 0
  }

  /** @returns 0 after a step, the number of bytes that must be queued, or undefined where a header begins. */
  step(ended: boolean): number | undefined {
    const queue = this.#queue
    const at = nextWav(queue.front, queue.head)
    if (at === queue.head) {
      if (queue.length < WAV_MAGIC_BYTES && !ended) return WAV_MAGIC_BYTES
      if (isWavNext(queue)) return undefined
    }
    if (this.#chunkLeft === 0 && this.#isInChunks) return this.#chunk(ended)
    const there = Math.max(1, at - queue.head)
    this.#drop(this.#chunkLeft === 0 ? there : Math.min(there, this.#chunkLeft))
    return 0
  }

  #chunk(ended: boolean): number {
    const queue = this.#queue
    if (this.#mayBePadding && queue.front[queue.head] === 0) this.#chunkLeft = 1
    this.#mayBePadding = false
    if (this.#chunkLeft > 0) return 0
    if (queue.length < CHUNK_HEAD_BYTES && !ended) return CHUNK_HEAD_BYTES
    const at = queue.look(0, CHUNK_HEAD_BYTES)
    const size = queue.found.readUInt32LE(at + 4)
    this.#isInChunks = /^[A-Za-z0-9_ ]{4}$/.test(queue.found.toString('latin1', at, at + 4)) && size <= MAX_CHUNK_BYTES
    if (this.#isInChunks) this.#chunkLeft = CHUNK_HEAD_BYTES + size + (size % 2)
    return 0
  }

  #drop(bytes: number): void {
    if (this.#chunkLeft > 0) this.#chunkLeft -= bytes
    else this.droppedBytes += bytes
    this.#queue.drop(bytes)
  }
}
