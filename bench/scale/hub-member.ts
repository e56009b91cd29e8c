import type { HubMessage } from '../../filters/hub/message.ts'
import type { Random } from './random.ts'
import type { SimulatedClock } from './simulated-clock.ts'
import { Wire, type WireQuality } from './wire.ts'

/** Frames of an origin on their way. */
export interface SentFrames {
  readonly stream: number
  readonly origin: string
  readonly message: HubMessage
  readonly payload: Buffer
  /** Size that the message has with frames of full size. */
  readonly bytes: number
}

/** Client of the hub, as the hub sees it. */
export interface HubClient {
  readonly name: string
  /** It receives frames. */
  readonly hearsFrames: boolean
  readonly quality: WireQuality
  receive(sent: SentFrames): void
  /** An edge asks for the last seconds of a stream. */
  asked(stream: number): void
  connected(): void
}

/** Returns the pause before a connection to the hub is tried, in milliseconds. @param failures attempts in a row that failed */
export type HubPause = (failures: number, random: number) => number

/** What a client's connection uses of the cluster. */
export interface ClusterServers {
  readonly count: number
  isAlive(server: number): boolean
  attach(server: number, member: Member): void
  detach(server: number, member: Member): void
  countToClient(server: number, bytes: number): void
  /** A message has arrived at a server. */
  spread(server: number, sent: SentFrames): void
  spreadAsk(server: number, stream: number): void
}

/** Size of a request for the last seconds. */
export const ASK_BYTES = 60
/** Round trips until a connection is usable: TCP, TLS, INFO and CONNECT. */
const HANDSHAKE_TRIPS = 3

/** Connection of a client: to a server, or on its way to one. */
export interface HubConnection {
  /** Number of the server; undefined: not connected. */
  readonly server: number | undefined
  publish(sent: SentFrames): void
  ask(stream: number): void
  /** The client has ended. */
  close(): void
}

/** One client of the hub, with both directions of its connection. */
export class Member implements HubConnection {
  server: number | undefined
  readonly #client: HubClient
  readonly #hub: ClusterServers
  readonly #clock: SimulatedClock
  readonly #random: Random
  readonly #pause: HubPause
  #next: number
  #failures = 0
  #isClosed = false
  #up: Wire
  #down: Wire

  constructor(
    client: HubClient,
    hub: ClusterServers,
    clock: SimulatedClock,
    random: Random,
    pause: HubPause,
    first: number,
  ) {
    this.#client = client
    this.#hub = hub
    this.#clock = clock
    this.#random = random
    this.#pause = pause
    this.#next = first
    this.#up = new Wire(clock, random, client.quality)
    this.#down = new Wire(clock, random, client.quality)
  }

  /** Connects to the next server. */
  reconnect(): void {
    if (this.#isClosed) return
    const number = this.#next
    this.#next = (number + 1) % this.#hub.count
    const tripMs = 2 * this.#client.quality.latencyMs
    const isAlive = this.#hub.isAlive(number)
    this.#clock.after(tripMs * (isAlive ? HANDSHAKE_TRIPS : 1), () => this.#answered(number))
  }

  #answered(number: number): void {
    if (this.#isClosed) return
    if (!this.#hub.isAlive(number)) {
      this.#clock.after(this.#pause(++this.#failures, this.#random.next()), () => this.reconnect())
      return
    }
    this.#failures = 0
    this.server = number
    this.#up = new Wire(this.#clock, this.#random, this.#client.quality)
    this.#down = new Wire(this.#clock, this.#random, this.#client.quality)
    this.#hub.attach(number, this)
    this.#client.connected()
  }

  /** The server has ended. What it has sent before still arrives. */
  cut(): void {
    this.#clock.at(this.#down.send(0), () => {
      this.server = undefined
      this.#clock.after(this.#pause(0, this.#random.next()), () => this.reconnect())
    })
  }

  publish(sent: SentFrames): void {
    this.#send(sent.bytes, (server) => this.#hub.spread(server, sent))
  }

  ask(stream: number): void {
    this.#send(ASK_BYTES, (server) => this.#hub.spreadAsk(server, stream))
  }

  #send(bytes: number, arrived: (server: number) => void): void {
    const server = this.server
    if (server === undefined) return
    this.#clock.at(this.#up.send(bytes), () => {
      if (this.#hub.isAlive(server)) arrived(server)
    })
  }

  deliver(sent: SentFrames): void {
    if (!this.#client.hearsFrames) return
    if (this.server !== undefined) this.#hub.countToClient(this.server, sent.bytes)
    this.#clock.at(this.#down.send(sent.bytes), () => {
      if (!this.#isClosed) this.#client.receive(sent)
    })
  }

  deliverAsk(stream: number): void {
    if (this.#client.hearsFrames) return
    this.#clock.at(this.#down.send(ASK_BYTES), () => {
      if (!this.#isClosed) this.#client.asked(stream)
    })
  }

  close(): void {
    this.#isClosed = true
    if (this.server !== undefined) this.#hub.detach(this.server, this)
    this.server = undefined
  }
}
