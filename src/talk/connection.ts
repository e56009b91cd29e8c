import type { WebSocket } from 'ws'
import type { Clock } from '../system/clock.ts'
import { type Heartbeat, startHeartbeat } from '../websocket/heartbeat.ts'
import { ProtocolError } from '../websocket/protocol-error.ts'
import { createIncoming, type Incoming } from './incoming.ts'
import { MAX_UNSENT_BYTES } from './limits.ts'
import type { ClientMessage, ServerMessage } from './protocol.ts'

/** Receiver of a connection's messages. A ProtocolError that it throws closes the connection. */
export interface Receiver {
  message(message: ClientMessage): void
  sound(bytes: Buffer): void
  /** The connection was closed, by either side. This is the last call. */
  closed(code: number): void
}

const AS_SOUND = { binary: true }

/** Connection to one page. Messages sent while it is closing are dropped. */
export class Connection {
  /** Numbers of sound messages sent and dropped. */
  readonly counts = { passed: 0, dropped: 0 }
  readonly #socket: WebSocket
  readonly #receiver: Receiver
  readonly #incoming: Incoming
  readonly #heartbeat: Heartbeat

  /** @param socket open. */
  constructor(socket: WebSocket, receiver: Receiver, clock: Clock) {
    this.#socket = socket
    this.#receiver = receiver
    this.#incoming = createIncoming(clock)
    this.#heartbeat = startHeartbeat(socket, clock, () => socket.terminate())
    socket.on('message', (data: Buffer, isBinary) => this.#check(() => this.#receive(data, isBinary)))
    socket.on('ping', (payload) => this.#check(() => this.#incoming.control(payload)))
    socket.on('pong', (payload) => this.#check(() => this.#receivePong(payload)))
    // The library has already answered invalid bytes with a close frame; 'close' follows.
    socket.on('error', () => {})
    socket.on('close', (code) => {
      this.#heartbeat.stop()
      receiver.closed(code)
    })
  }

  send(message: ServerMessage): void {
    if (this.#isOpen) this.#socket.send(JSON.stringify(message))
  }

  /** Sends sound unchanged, or drops it when it would arrive too late. The bytes must not change afterwards. */
  forward(sound: Buffer): void {
    if (!this.#isOpen) return
    if (this.#socket.bufferedAmount > MAX_UNSENT_BYTES || this.#heartbeat.isLate()) {
      this.counts.dropped++
      return
    }
    this.#socket.send(sound, AS_SOUND)
    this.counts.passed++
    this.#heartbeat.probe()
  }

  /** Closes the connection. @param code one of CLOSE. @param reason at most 123 bytes */
  close(code: number, reason: string): void {
    if (this.#isOpen) this.#socket.close(code, reason)
  }

  get #isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN
  }

  /** Messages that arrive after an error, while the connection is closing, are ignored. */
  #check(receive: () => void): void {
    try {
      if (this.#isOpen) receive()
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      this.close(error.code, error.message)
    }
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (!isBinary) return this.#receiver.message(this.#incoming.text(data))
    this.#incoming.sound(data)
    this.#receiver.sound(data)
  }

  #receivePong(payload: Buffer): void {
    this.#incoming.control(payload)
    this.#heartbeat.pong(payload)
  }
}
