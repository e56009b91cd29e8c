import type { LiveHello, LiveMessage } from '../../endpoints/live/live-messages.ts'
import { CLOSE } from '../../websocket/close-codes.ts'
import { Reconnector } from '../shared/reconnector.ts'
import { Socket } from '../shared/socket.ts'

/** Events of the connection. */
export interface AirEvents {
  /** Listeners receive the sound; called once a second. */
  onAir(listeners: number): void
  /** The connection is lost, and is retried after growing pauses. */
  lost(): void
  /** The server refuses the broadcast: no more retries. @param code one of CLOSE */
  refused(code: number): void
}

/** Silence after which the connection counts as lost, in milliseconds. The server sends a message every second. */
const SILENCE_MS = 5_000
/** Timeout of the first answer, in milliseconds: the server delays the answer to a wrong token. */
const ANSWER_WITHIN_MS = 15_000
/** Maximum unsent sound, in bytes: half a second. More is dropped. */
const MAX_UNSENT_BYTES = 48_000

/** Close codes after which reconnecting is useless. */
const FINAL = new Set<number>([CLOSE.wrongToken, CLOSE.occupied, CLOSE.pathTaken, CLOSE.replaced, CLOSE.invalidMessage])

/** A connection that sends a microphone's sound to the server, and reconnects by itself. */
export class Air {
  readonly #address: string
  readonly #hello: LiveHello
  readonly #events: AirEvents
  readonly #reconnector = new Reconnector(
    () => this.#open(),
    () => this.#lost(),
  )
  #socket: Socket | undefined
  #isOnAir = false

  /** @param address of the page, which is that of the WebSocket too */
  constructor(address: string, hello: LiveHello, events: AirEvents) {
    this.#address = address
    this.#hello = hello
    this.#events = events
    this.#reconnector.connect()
  }

  /** Sends samples, or drops them when they would be late. */
  send(samples: Int16Array<ArrayBuffer>): void {
    if (this.#isOnAir && this.#socket !== undefined && this.#socket.unsentBytes < MAX_UNSENT_BYTES)
      this.#socket.send(samples)
  }

  close(): void {
    this.#reconnector.close()
    this.#drop()
  }

  #open(): void {
    const socket = new Socket(this.#address, {
      opened: () => socket.send(JSON.stringify(this.#hello)),
      message: (data) => typeof data === 'string' && this.#receive(JSON.parse(data) as LiveMessage),
      closed: (code) => this.#closed(code),
    })
    this.#socket = socket
    this.#reconnector.after(ANSWER_WITHIN_MS)
  }

  #receive({ listeners }: LiveMessage): void {
    this.#isOnAir = true
    this.#reconnector.succeed()
    this.#reconnector.after(SILENCE_MS)
    this.#events.onAir(listeners)
  }

  #closed(code: number): void {
    if (!FINAL.has(code)) return this.#reconnector.lose()
    this.close()
    this.#events.refused(code)
  }

  #lost(): void {
    this.#drop()
    this.#events.lost()
  }

  #drop(): void {
    this.#isOnAir = false
    this.#socket?.close()
    this.#socket = undefined
  }
}
