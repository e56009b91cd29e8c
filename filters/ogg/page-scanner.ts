import { ByteQueue } from '../bytes/byte-queue.ts'
import type { FrameFilter } from '../frame-filter.ts'
import { CAPTURE_PATTERN, isIntact, MAX_PAGE_BYTES, PAGE_HEAD_BYTES, pageBytes, pageHeadBytes } from './page.ts'

/**
 * Limit of the bytes that are read because of headers that do not belong to a page: a multiple of the received bytes plus a
 * constant. Random data stays far below it; only malicious data reaches it.
 */
const WASTE_FACTOR = 4
const WASTE_BYTES = 1024 * 1024

/** Receives a whole page, a view of the source's bytes. */
type EmitPage = (page: Buffer) => void

/** Splits bytes into Ogg pages, which have a header and a correct checksum. Bytes between pages are skipped. */
export class PageScanner implements Pick<FrameFilter, 'skippedBytes'> {
  /** Number of bytes at which no page could start. */
  skippedBytes = 0
  /** Length of the first page that was refused for its size, in bytes; 0 if none. */
  oversizeBytes = 0

  readonly #queue = new ByteQueue()
  readonly #limit: number
  /** Number of bytes that must be queued before the next decision. */
  #need = 1
  /** Number of bytes read because of false pages. */
  #wastedBytes = 0

  /** @param limit the maximum page length, in bytes. */
  constructor(limit: number = MAX_PAGE_BYTES) {
    this.#limit = limit
  }

  push(chunk: Buffer, emit: EmitPage): void {
    this.#queue.append(chunk)
    if (this.#queue.length >= this.#need) this.#run(emit)
  }

  /** Ends the input: an incomplete page is not emitted, but its bytes may contain complete pages. */
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

  /** Each step takes bytes from the queue and returns 0, or returns how many bytes it needs. */
  #step(emit: EmitPage): number {
    const queue = this.#queue
    // Most bytes outside of pages do not even match the first letter of one.
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

  /** Skips at least `bytes` bytes, up to the next position where a page may begin. */
  #refuse(bytes: number): number {
    const { front, head } = this.#queue
    const skipped = nextPage(front, head + bytes) - head
    this.skippedBytes += skipped
    this.#queue.drop(skipped)
    return 0
  }
}

/** @returns the index in `bytes` where a page may begin, `from` or later; their length if there is none. */
function nextPage(bytes: Buffer, from: number): number {
  const found = bytes.indexOf(CAPTURE_PATTERN, from)
  if (found >= 0) return found
  // The pattern may continue in the next chunk.
  const tail = bytes.indexOf('O', Math.max(from, bytes.length - CAPTURE_PATTERN.length + 1))
  return tail >= 0 ? tail : Math.max(from, bytes.length)
}
