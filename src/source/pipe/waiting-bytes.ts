import { readSync } from 'node:fs'
import { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import type { Readable } from 'node:stream'

/** Pause of a reader after which bytes are expected to wait, in milliseconds. */
const PAUSED_MS = 15
/** Maximum bytes of one read: what a pipe of Linux holds. */
const MAX_BYTES = 64 * 1024
/** Bytes of a read, until they are copied. */
let scratch: Buffer | undefined

/**
 * Reads what waits in a pipe without the event loop, to which one read after a pause is two wake-ups, and half of the CPU time of a program
 * that does little else.
 */
export class WaitingBytes {
  /** Total of the bytes that were read here, which the stream of the pipe does not count. */
  count = 0
  readonly #pipe: Readable
  /** Turns of the event loop at the last read: a slow reader that has not paused must let other work run. */
  #turns = -1

  /** @param pipe is read on demand, see `readSingly`. */
  constructor(pipe: Readable) {
    this.#pipe = pipe
  }

  /**
   * Returns the bytes that wait; undefined: none, or an end or an error, which the stream of the pipe reports, or the reader has not
   * paused.
   * @param yieldedAt when the reader got the bytes before, in milliseconds of `performance.now()`
   */
  take(yieldedAt = Number.NEGATIVE_INFINITY): Buffer | undefined {
    if (performance.now() - yieldedAt < PAUSED_MS) return undefined
    const turns = performance.nodeTiming.uvMetricsInfo.loopCount
    if (turns === this.#turns) return undefined
    this.#turns = turns
    const fd = this.#pipe.readableLength === 0 ? descriptorOf(this.#pipe) : undefined
    if (fd === undefined) return undefined
    scratch ??= Buffer.allocUnsafeSlow(MAX_BYTES)
    try {
      const bytes = readSync(fd, scratch, 0, MAX_BYTES, null)
      this.count += bytes
      return bytes === 0 ? undefined : Buffer.from(scratch.subarray(0, bytes))
    } catch {
      return undefined
    }
  }
}

/** Returns the descriptor of an open pipe or socket, which does not block. Node has no public property for it. */
function descriptorOf(pipe: Readable): number | undefined {
  const handle: unknown = pipe instanceof Socket ? Reflect.get(pipe, '_handle') : undefined
  const fd: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : undefined
  return typeof fd === 'number' && fd >= 0 ? fd : undefined
}
