import {
  ASK_BYTES,
  type ClusterServers,
  type HubClient,
  type HubConnection,
  type HubPause,
  Member,
  type SentFrames,
} from './hub-member.ts'
import type { Random } from './random.ts'
import type { SimulatedClock } from './simulated-clock.ts'
import { LAN, Wire } from './wire.ts'

interface Server {
  isAlive: boolean
  readonly members: Set<Member>
  /** Bytes sent to clients, and to other servers. */
  bytesToClients: number
  bytesToServers: number
}

/** Kept by JetStream. */
interface Kept {
  readonly at: number
  readonly sent: SentFrames
}

const HISTORY_MS = 10_000
/** Time in which JetStream elects a new leader, in milliseconds: it stalled for 6.7 s when that was measured. */
const ELECTION_MS = 6_700

/** A cluster of NATS servers: each is connected to each other one. */
export class SimulatedHub implements ClusterServers {
  readonly servers: readonly Server[]
  readonly #clock: SimulatedClock
  readonly #random: Random
  readonly #pause: HubPause
  readonly #routes: readonly (readonly Wire[])[]
  #kept: Kept[] = []
  /** When the history is available again, in milliseconds. */
  #historyFrom = 0

  constructor(clock: SimulatedClock, random: Random, count: number, pause: HubPause) {
    this.#clock = clock
    this.#random = random
    this.#pause = pause
    const numbers = Array.from({ length: count }, (_, number) => number)
    this.servers = numbers.map(() => ({ isAlive: true, members: new Set(), bytesToClients: 0, bytesToServers: 0 }))
    this.#routes = numbers.map(() => numbers.map(() => new Wire(clock, random, LAN)))
  }

  /** Connects a client, to this server first. */
  connect(client: HubClient, first: number): HubConnection {
    const member = new Member(client, this, this.#clock, this.#random, this.#pause, first)
    member.reconnect()
    return member
  }

  /** Ends a server; its clients notice as soon as the end of their connections arrives. */
  kill(number: number): void {
    const server = this.#server(number)
    server.isAlive = false
    this.#historyFrom = this.#clock.now() + ELECTION_MS
    for (const member of server.members) member.cut()
    server.members.clear()
    if (this.servers.every(({ isAlive }) => !isAlive)) this.#kept = []
  }

  revive(number: number): void {
    this.#server(number).isAlive = true
  }

  /** Cuts a server off from the others, for a time in milliseconds; what they send each other meanwhile arrives afterwards. */
  partition(number: number, ms: number): void {
    const until = this.#clock.now() + ms
    for (const other of this.servers.keys()) {
      this.#route(number, other).holdUntil(until)
      this.#route(other, number).holdUntil(until)
    }
  }

  /** Returns the kept messages of a stream, oldest first; none while there is no leader. */
  history(stream: number): readonly SentFrames[] {
    if (this.#clock.now() < this.#historyFrom) return []
    const since = this.#clock.now() - HISTORY_MS
    return this.#kept.filter(({ at, sent }) => at >= since && sent.stream === stream).map(({ sent }) => sent)
  }

  /** A message has arrived at a server: it goes to its clients, and to those of all others. */
  spread(number: number, sent: SentFrames): void {
    const now = this.#clock.now()
    while (this.#kept[0] !== undefined && this.#kept[0].at < now - HISTORY_MS) this.#kept.shift()
    this.#kept.push({ at: now, sent })
    this.#everywhere(number, sent.bytes, (member) => member.deliver(sent))
  }

  spreadAsk(number: number, stream: number): void {
    this.#everywhere(number, ASK_BYTES, (member) => member.deliverAsk(stream))
  }

  get count(): number {
    return this.servers.length
  }

  isAlive(number: number): boolean {
    return this.#server(number).isAlive
  }

  attach(number: number, member: Member): void {
    this.#server(number).members.add(member)
  }

  detach(number: number, member: Member): void {
    this.#server(number).members.delete(member)
  }

  countToClient(number: number, bytes: number): void {
    this.#server(number).bytesToClients += bytes
  }

  #everywhere(number: number, bytes: number, deliver: (member: Member) => void): void {
    const from = this.#server(number)
    for (const member of from.members) deliver(member)
    for (const [other, server] of this.servers.entries()) {
      if (other === number || !server.isAlive) continue
      from.bytesToServers += bytes
      this.#clock.at(this.#route(number, other).send(bytes), () => {
        // A server that has died on the way has no members.
        for (const member of server.members) deliver(member)
      })
    }
  }

  #server(number: number): Server {
    const server = this.servers[number]
    if (server === undefined) throw new RangeError(`the hub has no server ${number}`)
    return server
  }

  #route(from: number, to: number): Wire {
    const route = this.#routes[from]?.[to]
    if (route === undefined) throw new RangeError(`the hub has no route from ${from} to ${to}`)
    return route
  }
}
