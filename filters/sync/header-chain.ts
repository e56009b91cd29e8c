import type { ByteQueue } from '../bytes/byte-queue.ts'
import type { Syntax } from './syntax.ts'

/**
 * Number of headers of one kind, each at the end of the frame before it, that rule out coincidence: no false lock in 10,000
 * random starts.
 */
export const LOCK_HEADERS = 3

/**
 * A chain of headers of one kind, each at the end of the frame before it. One object is reused for all positions, because a
 * stream without sync is checked at very many of them.
 */
export class HeaderChain {
  /** Number of headers found, up to `LOCK_HEADERS`. */
  headers = 0
  /** The kind that they have in common. */
  kind = 0
  /** End of the frame of the last header, in bytes from the start of the chain. */
  endBytes = 0
  /** Length of the longest of their frames, in bytes. */
  longestBytes = 0

  /**
   * Follows the headers from the first byte of the queue on.
   * @returns how many bytes must be queued to decide whether another header follows; 0 if there are enough.
   */
  follow(queue: ByteQueue, syntax: Syntax): number {
    this.headers = 0
    this.endBytes = 0
    this.longestBytes = 0
    while (this.headers < LOCK_HEADERS) {
      const need = this.endBytes + syntax.headerBytes
      if (queue.length < need) return need
      const at = queue.look(this.endBytes, syntax.headerBytes)
      const bytes = syntax.frameBytes(queue.found, at)
      if (bytes === 0) return 0
      const kind = syntax.kind(queue.found, at)
      if (this.headers > 0 && kind !== this.kind) return 0
      this.kind = kind
      this.headers++
      this.endBytes += bytes
      this.longestBytes = Math.max(this.longestBytes, bytes)
    }
    return 0
  }
}
