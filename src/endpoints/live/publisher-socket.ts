import type { WebSocket } from 'ws'
import type { Clock } from '../../system/clock.ts'
import { type Heartbeat, startHeartbeat } from '../../websocket/heartbeat.ts'
import { ProtocolError } from '../../websocket/protocol-error.ts'
import { HIGHEST_RATE, type LiveMessage } from './live-messages.ts'
import { createPublisherLimits, type PublisherLimits } from './publisher-limits.ts'

/** Receiver of a publisher's messages. */
interface Receiver {
  /** @throws ProtocolError: the connection is closed with its code and reason. */
  receive(bytes: Buffer, isBinary: boolean): void
  /** The connection is closed. This is the last call. */
  closed(): void
}

/**
 * The WebSocket of a publisher: within limits, watched by a heartbeat, and not read while its publisher has to wait. Messages
 * that arrive after an error, while it is closing, are ignored.
 */
export class PublisherSocket {
  /** Why it was closed. */
  closeReason = 'disconnected'
  readonly #opened: WebSocket
  readonly #clock: Clock
  readonly #heartbeat: Heartbeat
  #limits: PublisherLimits
  /** Time since which it is not read, in milliseconds of the clock; undefined: it is read. */
  #pausedAt: number | undefined

  constructor(opened: WebSocket, receiver: Receiver, clock: Clock) {
    this.#opened = opened
    this.#clock = clock
    this.#limits = createPublisherLimits(HIGHEST_RATE, clock)
    this.#heartbeat = startHeartbeat(opened, clock, () => opened.terminate())
    opened.on('message', (bytes: Buffer, isBinary) => this.#check(() => receiver.receive(bytes, isBinary)))
    opened.on('ping', () => this.#check(() => {}))
    opened.on('pong', (payload) => this.#check(() => this.#heartbeat.pong(payload)))
    // The library has already answered invalid bytes with a close frame; 'close' follows.
    opened.on('error', () => {})
    opened.on('close', () => {
      this.#heartbeat.stop()
      receiver.closed()
    })
  }

  get isOpen(): boolean {
    return this.#opened.readyState === this.#opened.OPEN
  }

  /** Limits the samples from now on to those of a rate, in Hz. */
  limitTo(rate: number): void {
    this.#limits = createPublisherLimits(rate, this.#clock)
  }

  /** Counts samples. @throws ProtocolError when they exceed the limit */
  count(samples: Buffer): void {
    this.#limits.samples(samples.length)
  }

  send(message: LiveMessage): void {
    if (this.isOpen) this.#opened.send(JSON.stringify(message))
  }

  /** Stops reading, so that the client has to wait. No pong can arrive meanwhile. */
  pause(): void {
    if (this.#pausedAt !== undefined || !this.isOpen) return
    this.#pausedAt = this.#clock.now()
    this.#heartbeat.pause()
    this.#opened.pause()
  }

  /** Continues to read. */
  resume(): void {
    if (this.#pausedAt === undefined) return
    this.#limits.paused(this.#clock.now() - this.#pausedAt)
    this.#pausedAt = undefined
    this.#heartbeat.resume()
    this.#opened.resume()
  }

  /** Closes the connection, unless it is closing already. */
  end(code: number, reason: string): void {
    if (!this.isOpen) return
    this.closeReason = reason
    this.#opened.close(code, reason)
    // The client's answer must be read.
    this.resume()
  }

  #check(receive: () => void): void {
    if (!this.isOpen) return
    try {
      this.#limits.message()
      receive()
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      this.end(error.code, error.message)
    }
  }
}
