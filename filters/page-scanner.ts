import { ByteQueue } from './byte-queue.ts'
import type { FrameFilter } from './frame-filter.ts'
import { CAPTURE_PATTERN, isIntact, MAX_PAGE_BYTES, PAGE_HEAD_BYTES, pageBytes, pageHeadBytes } from './ogg-page.ts'

/**
 * Headers without a page behind them may make the scanner read so many times the bytes that have come, and so many more. Chance
 * does not come near it; only who means harm does.
 */
const WASTE_FACTOR = 4
const WASTE_BYTES = 1024 * 1024

/** Takes a whole page, a view of the source's bytes. */
type EmitPage = (page: Buffer) => void

/** Cuts bytes into pages of Ogg: what has a header and the right checksum. What is between them is passed over. */
export class PageScanner implements Pick<FrameFilter, 'skippedBytes'> {
  /** Bytes that no page could start with. */
  skippedBytes = 0
  /** The first page that was refused for its size, in bytes; 0 for none. */
  oversizeBytes = 0

  readonly #queue = new ByteQueue()
  readonly #limit: number
  /** So many bytes must be queued before anything can be decided. */
  #need = 1
  /** Bytes that were read for the sake of false pages. */
  #wastedBytes = 0

  /** @param limit the largest page allowed, in bytes. */
  constructor(limit: number = MAX_PAGE_BYTES) {
    this.#limit = limit
  }

  push(chunk: Buffer, emit: EmitPage): void {
    this.#queue.append(chunk)
    if (this.#queue.length >= this.#need) this.#run(emit)
  }

  /** The source has ended: a page that is not whole is none, but others may hide in it. */
  end(emit: EmitPage): void {
    while (this.#queue.length > 0) {
      this.#run(emit)
      if (this.#queue.length > 0) this.#refuse(1)
    }
  }

  #run(emit: EmitPage): void {
    this.#need = 1
    while (this.#queue.length > 0) {
      const need = this.#step(emit)
      if (need > 0) {
        this.#need = need
        return
      }
    }
  }

  /** Every step takes bytes from the queue and returns 0, or returns how many bytes it needs. */
  #step(emit: EmitPage): number {
    const queue = this.#queue
    // Most of the bytes that are in no page are not even the first letter of one.
    if (queue.front[queue.head] !== CAPTURE_PATTERN[0]) return this.#refuse(1)
    if (queue.length < PAGE_HEAD_BYTES) return PAGE_HEAD_BYTES
    const fixed = queue.look(0, PAGE_HEAD_BYTES)
    const headBytes = pageHeadBytes(queue.found, fixed)
    if (headBytes === 0) return this.#refuse(1)
    if (queue.length < headBytes) return headBytes
    const whole = queue.look(0, headBytes)
    const bytes = pageBytes(queue.found, whole)
    if (bytes > this.#limit) {
      this.oversizeBytes ||= bytes
      return this.#refuse(1)
    }
    return queue.length < bytes ? bytes : this.#page(bytes, emit)
  }

  #page(bytes: number, emit: EmitPage): number {
    const queue = this.#queue
    queue.join(bytes)
    if (isIntact(queue.front, queue.head, bytes)) {
      emit(queue.take(bytes))
      return 0
    }
    this.#wastedBytes += bytes
    const isTooMuch = this.#wastedBytes > queue.taken * WASTE_FACTOR + WASTE_BYTES
    return this.#refuse(isTooMuch ? bytes : 1)
  }

  /** Passes over at least `bytes` bytes, up to where a page may begin. */
  #refuse(bytes: number): number {
    const { front, head } = this.#queue
    const skipped = nextPage(front, head + bytes) - head
    this.skippedBytes += skipped
    this.#queue.drop(skipped)
    return 0
  }
}

/** @returns where in `bytes` a page may begin, `from` or later; their length when none does. */
function nextPage(bytes: Buffer, from: number): number {
  const found = bytes.indexOf(CAPTURE_PATTERN, from)
  if (found >= 0) return found
  // The pattern may go on in the next chunk.
  const tail = bytes.indexOf('O', Math.max(from, bytes.length - CAPTURE_PATTERN.length + 1))
  return tail >= 0 ? tail : Math.max(from, bytes.length)
}
