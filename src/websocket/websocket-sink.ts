import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Sink, SinkOwner } from '../delivery/listener.ts'
import type { Clock } from '../system/clock.ts'

/** Options of a listener on a WebSocket. */
export interface WebSocketSinkOptions {
  /**
   * Makes the first message, a text, from the bytes that precede the first frame, which are not sent themselves.
   * @returns undefined when these frames cannot be sent: the connection is closed then.
   */
  readonly firstMessage: (before: Buffer) => string | undefined
  /** Write timeout in milliseconds, after which the client is disconnected. 0 disables it. */
  readonly timeoutMs: number
  /** Code and reason of the close frame at the end of the stream (RFC 6455, section 7.4). */
  readonly closeFrame: () => readonly [code: number, reason: string]
  /** Called once, when the connection is closed and the owner has been notified. */
  readonly closed: () => void
}

const AS_BYTES = { binary: true }
/** 1003: data of a type that cannot be accepted. */
const CANNOT_BE_SENT = 1003

/**
 * Sends a listener's frames as binary messages, one for each write. A server does not mask them, so a message is a header of 2
 * to 10 bytes and the shared Buffer, still in one system call.
 */
export class WebSocketSink implements Sink {
  owner: SinkOwner | undefined
  readonly #opened: WebSocket
  /** The stream that the WebSocket writes to: it reports when it has drained. */
  readonly #socket: Duplex
  readonly #options: WebSocketSinkOptions
  readonly #clock: Clock
  #hasBegun = false
  #isEnding = false
  #isWaiting = false
  #forgetTimeout: (() => void) | undefined

  constructor(opened: WebSocket, socket: Duplex, options: WebSocketSinkOptions, clock: Clock) {
    this.#opened = opened
    this.#socket = socket
    this.#options = options
    this.#clock = clock
    opened.on('close', () => this.#handleClose())
    socket.on('drain', () => this.#handleDrain())
  }

  write(bytes: Buffer, before: Buffer): boolean {
    this.#socket.cork()
    if (!this.#hasBegun) this.#begin(before)
    if (!this.#isEnding) this.#opened.send(bytes, AS_BYTES)
    this.#socket.uncork()
    if (this.#socket.writableLength === 0 || !this.#socket.writableNeedDrain) return true
    const { timeoutMs } = this.#options
    this.#isWaiting = true
    if (timeoutMs > 0) this.#forgetTimeout = this.#clock.after(timeoutMs, () => this.#giveUp())
    return false
  }

  end(): void {
    if (this.#isEnding) return
    this.#isEnding = true
    this.#opened.close(...this.#options.closeFrame())
  }

  refuse(): void {
    this.end()
  }

  #begin(before: Buffer): void {
    this.#hasBegun = true
    const text = this.#options.firstMessage(before)
    if (text !== undefined) return this.#opened.send(text)
    this.#isEnding = true
    this.#opened.close(CANNOT_BE_SENT, 'the samples of this stream are not known')
  }

  #giveUp(): void {
    this.owner?.gone('write timeout')
    this.#opened.terminate()
  }

  /** Called for frames and for answers to pings alike. */
  #handleDrain(): void {
    if (!this.#isWaiting || this.#socket.writableLength > 0) return
    this.#isWaiting = false
    this.#forgetTimeout?.()
    if (!this.#isEnding) this.owner?.drained()
  }

  #handleClose(): void {
    this.#forgetTimeout?.()
    this.owner?.gone('disconnected')
    this.#options.closed()
  }
}
