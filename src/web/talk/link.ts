import { MAX_UNSENT_BYTES } from '../../talk/limits.ts'
import type { ClientMessage, ServerMessage } from '../../talk/protocol.ts'
import { CLOSE } from '../../websocket/close-codes.ts'
import { createRoundTrips } from '../../websocket/round-trips.ts'
import { Reconnector } from '../shared/reconnector.ts'
import { Socket } from '../shared/socket.ts'

/** Events of a link. */
export interface LinkEvents {
  /** The connection is open: send the hello. */
  opened(): void
  message(message: ServerMessage): void
  sound(bytes: ArrayBuffer): void
  /** The connection is lost, and is retried after growing pauses. @param isFull the server has reached a limit */
  lost(isFull: boolean): void
}

/** Ping interval while nothing is sent, in milliseconds. */
const PROBE_EVERY_MS = 1_000
/** Silence after which the connection counts as lost, in milliseconds. A dead one may take minutes to close. */
const SILENCE_MS = 5_000

/** A connection to the server that reconnects by itself. */
export class Link {
  readonly #address: string
  readonly #events: LinkEvents
  readonly #reconnector = new Reconnector(
    () => this.#open(),
    () => this.#lost(),
  )
  /** Connections that are silent. Closing them now would free this page's place; the server closes them when it is back. */
  readonly #silent = new Set<Socket>()
  #socket: Socket | undefined
  #trips = createRoundTrips()
  #isFull = false

  /** @param address of the page, which is that of the WebSocket too */
  constructor(address: string, events: LinkEvents) {
    this.#address = address
    this.#events = events
    this.#reconnector.connect()
  }

  /** Sends a message, or drops it while the connection is lost. */
  send(message: ClientMessage): void {
    this.#socket?.send(JSON.stringify(message))
  }

  /** Sends sound, or drops it when it would be late. */
  sendSound(sound: Uint8Array<ArrayBuffer>): void {
    if (!this.#socket?.isOpen || this.#socket.unsentBytes > MAX_UNSENT_BYTES) return
    if (this.#trips.isLate(performance.now())) return
    this.#socket.send(sound)
    if (this.#trips.isDue(performance.now())) this.#probe()
  }

  /** The latest round trip to the server, in milliseconds. */
  get roundTripMs(): number | undefined {
    return this.#trips.lastMs
  }

  close(): void {
    this.#reconnector.close()
    this.#socket?.close()
    this.#socket = undefined
    for (const last of this.#silent) last.close()
  }

  #open(): void {
    this.#trips = createRoundTrips()
    this.#socket = new Socket(this.#address, {
      opened: () => {
        this.#events.opened()
        this.#probe()
      },
      message: (data) => this.#receive(data),
      closed: (code) => {
        this.#isFull = code === CLOSE.full
        this.#reconnector.lose()
      },
    })
    this.#isFull = false
    this.#reconnector.after(SILENCE_MS)
  }

  #receive(data: string | ArrayBuffer): void {
    if (typeof data !== 'string') return this.#events.sound(data)
    const message = JSON.parse(data) as ServerMessage
    if (message.type === 'probe') return void this.#trips.returned(message.id, performance.now())
    if (message.type === 'connected' || message.type === 'waiting') this.#reconnector.succeed()
    this.#events.message(message)
  }

  #probe(): void {
    const now = performance.now()
    if (this.#trips.inFlightMs(now) > SILENCE_MS) return this.#reconnector.lose()
    if (this.#trips.isDue(now)) this.send({ type: 'probe', id: this.#trips.sent(now) })
    this.#reconnector.after(PROBE_EVERY_MS, () => this.#probe())
  }

  #lost(): void {
    if (this.#socket?.isOpen) this.#keepSilent(this.#socket)
    else this.#socket?.close()
    this.#socket = undefined
    this.#events.lost(this.#isFull)
  }

  #keepSilent(socket: Socket): void {
    for (const last of this.#silent) if (!last.isOpen) this.#silent.delete(last)
    socket.detach()
    this.#silent.add(socket)
  }
}
