import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Sink, SinkOwner } from '../delivery/listener.ts'
import type { Clock } from '../system/clock.ts'

/** How frames go over a WebSocket. */
export interface WebSocketSinkOptions {
  /**
   * Makes the first message of what is to go before the first frame; text. Nothing else of that is sent.
   * @returns undefined when these frames cannot be sent: the connection is closed.
   */
  readonly greet: (before: Buffer) => string | undefined
  /** Whoever does not take a write within so long is given up, in milliseconds; 0 is never. */
  readonly timeoutMs: number
  /** With which code and reason it is closed when nothing more is to come (RFC 6455, section 7.4). */
  readonly farewell: () => readonly [code: number, reason: string]
  /** Called once, when the connection is closed and the owner knows. */
  readonly closed: () => void
}

const AS_BYTES = { binary: true }
/** 1003: data of a type that cannot be accepted. */
const CANNOT_BE_SENT = 1003

/**
 * A listener's frames as binary messages, one a write. What a server sends is not masked, so a message is the shared Buffer behind
 * a header of its own of 2 to 10 bytes, and still one call of the system.
 */
export class WebSocketSink implements Sink {
  owner: SinkOwner | undefined
  readonly #opened: WebSocket
  /** What the WebSocket writes to: it says whether that was taken. */
  readonly #socket: Duplex
  readonly #options: WebSocketSinkOptions
  readonly #clock: Clock
  #isGreeted = false
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
    if (!this.#isGreeted) this.#greet(before)
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
    this.#opened.close(...this.#options.farewell())
  }

  refuse(): void {
    this.end()
  }

  #greet(before: Buffer): void {
    this.#isGreeted = true
    const text = this.#options.greet(before)
    if (text !== undefined) return this.#opened.send(text)
    this.#isEnding = true
    this.#opened.close(CANNOT_BE_SENT, 'the samples of this stream are not known')
  }

  #giveUp(): void {
    this.owner?.gone('takes nothing')
    this.#opened.terminate()
  }

  /** Whatever it is that has been taken: a write, or an answer to a ping. */
  #handleDrain(): void {
    if (!this.#isWaiting || this.#socket.writableLength > 0) return
    this.#isWaiting = false
    this.#forgetTimeout?.()
    if (!this.#isEnding) this.owner?.drained()
  }

  #handleClose(): void {
    this.#forgetTimeout?.()
    this.owner?.gone('left')
    this.#options.closed()
  }
}
