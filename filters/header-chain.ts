import type { ByteQueue } from './byte-queue.ts'
import type { Syntax } from './syntax.ts'

/** So many headers of one kind, each where the frame before it ends, are no chance: no false lock in 10,000 random starts. */
export const LOCK_HEADERS = 3

/**
 * Headers of one kind in a row, each where the frame of the one before it ends. One object serves all positions, because a
 * stream without sync asks at very many of them.
 */
export class HeaderChain {
  /** How many headers were found, up to `LOCK_HEADERS`. */
  headers = 0
  /** What they have in common. */
  kind = 0
  /** Where the frame of the last one ends, in bytes from the start of the chain. */
  endBytes = 0
  /** The longest of their frames, in bytes. */
  longestBytes = 0

  /**
   * Follows the headers from the first byte of the queue on.
   * @returns how many bytes must be queued to tell whether another header follows; 0 when enough is known.
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
