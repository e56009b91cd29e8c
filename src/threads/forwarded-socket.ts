import { Socket } from 'node:net'
import type { ForwardedStep } from './messages.ts'

/** Maximum bytes in flight before a writer waits: two ticks of a listener with low delay, and most responses as a whole. */
const WINDOW_BYTES = 65_536

/** As at the front door, each write that is not finished at once ends in a 'drain'. */
const OPTIONS = { allowHalfOpen: true, highWaterMark: 1 }

/**
 * One end of a connection between two threads, which takes no descriptor: its bytes are messages. Both ends work alike.
 *
 *      client ---- socket ---- ForwardedSocket  = bytes, taken, end, closed =  ForwardedSocket ---- pages
 *                  delivery thread                                          main thread
 *
 * The other end reports bytes as taken when they have been read there, so that at most a window and one write are in flight.
 */
export class ForwardedSocket extends Socket {
  readonly #post: (step: ForwardedStep) => void
  /** Bytes that the other end has not taken. */
  #sentBytes = 0
  /** Bytes received that have not been reported as taken. */
  #receivedBytes = 0
  /** A write that waits for the other end to take earlier ones. */
  #written: (() => void) | undefined
  #isOtherEnded = false
  #isOtherClosed = false

  constructor(post: (step: ForwardedStep) => void) {
    super(OPTIONS)
    this.#post = post
  }

  /** Handles a message of the other end. */
  apply(step: ForwardedStep): void {
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

  /** Called when everything received so far has been read. */
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
    // A copy, because the other end gets the memory itself, and this is often a view of shared memory.
    this.#post({ kind: 'bytes', bytes: new Uint8Array(bytes) })
    this.#sentBytes += bytes.length
    if (this.#sentBytes <= WINDOW_BYTES) written()
    else this.#written = written
  }

  /** As with other sockets, everything received or written restarts the timeout. */
  #restartTimeout(): void {
    if (this.timeout) this.setTimeout(this.timeout)
  }

  #release(): void {
    const written = this.#written
    this.#written = undefined
    written?.()
  }

  /** Bytes received before the end are still read; after anything else the connection is closed at once. */
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
