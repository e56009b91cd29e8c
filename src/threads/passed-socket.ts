import { Socket } from 'node:net'
import type { PassedStep } from './messages.ts'

/** Maximum bytes on their way before a writer waits: two ticks of a listener with low delay, and most answers as a whole. */
const WINDOW_BYTES = 65_536

/** As at the front door, each write that is not taken at once ends in a 'drain'. */
const OPTIONS = { allowHalfOpen: true, highWaterMark: 1 }

/**
 * One end of a connection between two threads, which takes no descriptor: its bytes are messages. Both ends work alike.
 *
 *      client ---- socket ---- PassedSocket  = bytes, taken, end, closed =  PassedSocket ---- pages
 *                  delivery thread                                          main thread
 *
 * The other end reports bytes as taken when they have been read there, so that no more than a window and one write are on their way.
 */
export class PassedSocket extends Socket {
  readonly #post: (step: PassedStep) => void
  /** Bytes that the other end has not taken. */
  #sentBytes = 0
  /** Bytes that have come and have not been reported as taken. */
  #receivedBytes = 0
  /** A write that waits for the other end to take earlier ones. */
  #written: (() => void) | undefined
  #isOtherEnded = false
  #isOtherClosed = false

  constructor(post: (step: PassedStep) => void) {
    super(OPTIONS)
    this.#post = post
  }

  /** Does what the other end has posted. */
  apply(step: PassedStep): void {
    this.#restartTimeout()
    if (step.kind === 'bytes') {
      this.#receivedBytes += step.bytes.length
      this.push(Buffer.from(step.bytes.buffer, step.bytes.byteOffset, step.bytes.length))
    } else if (step.kind === 'taken') {
      this.#sentBytes -= step.count
      if (this.#sentBytes <= WINDOW_BYTES) this.#release()
    } else if (step.kind === 'end') {
      this.#isOtherEnded = true
      this.push(null)
    } else this.#otherClosed()
  }

  /** All that came before has been read. */
  override _read(): void {
    if (this.#receivedBytes < WINDOW_BYTES / 2) return
    this.#post({ kind: 'taken', count: this.#receivedBytes })
    this.#receivedBytes = 0
  }

  override _write(chunk: Buffer | string, encoding: BufferEncoding, written: () => void): void {
    this.#send(bytesOf(chunk, encoding), written)
  }

  override _writev(
    chunks: readonly { readonly chunk: Buffer | string; readonly encoding: BufferEncoding }[],
    written: () => void,
  ): void {
    this.#send(Buffer.concat(chunks.map(({ chunk, encoding }) => bytesOf(chunk, encoding))), written)
  }

  override _final(written: () => void): void {
    this.#post({ kind: 'end' })
    written()
  }

  #send(bytes: Uint8Array, written: () => void): void {
    if (this.#isOtherClosed) return written()
    this.#restartTimeout()
    // A copy, because the other end gets the memory itself, and this is often a view of memory that others share.
    this.#post({ kind: 'bytes', bytes: new Uint8Array(bytes) })
    this.#sentBytes += bytes.length
    if (this.#sentBytes <= WINDOW_BYTES) written()
    else this.#written = written
  }

  /** As with other sockets, a timeout begins anew with all that comes or is written. */
  #restartTimeout(): void {
    if (this.timeout) this.setTimeout(this.timeout)
  }

  #release(): void {
    const written = this.#written
    this.#written = undefined
    written?.()
  }

  /** What came before the end is still read; behind anything else nothing is left to do. */
  #otherClosed(): void {
    this.#isOtherClosed = true
    if (!this.#isOtherEnded || this.readableEnded) return void this.destroy()
    this.once('end', () => this.destroy())
    this.#release()
  }
}

function bytesOf(chunk: Buffer | string, encoding: BufferEncoding): Buffer {
  return typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk
}
