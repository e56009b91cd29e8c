import { EdgeDoor, type EdgeLimits } from './edge-door.ts'
import { Histogram } from './histogram.ts'
import type { Parts, Pause } from './parts.ts'
import type { Random } from './random.ts'
import type { SimulatedClock } from './simulated-clock.ts'
import { STEP_MS, UnderWay } from './under-way.ts'

/** Why listeners connect. */
export const CAUSES = ['arrival', 'edge ended', 'edge without power', 'outage'] as const
export type Cause = (typeof CAUSES)[number]

/** Kinds of listeners, and their share: the player page, other players, and streamserves that relay. */
export const KINDS = [
  { name: 'player page', share: 0.6 },
  { name: 'other player', share: 0.39 },
  { name: 'relay', share: 0.01 },
] as const
/** Shortest and longest pause of other players, in milliseconds; they are not of this product, so that this is an assumption. */
const PLAYER_PAUSE_MS = [1_000, 3_000] as const
/** Time until a listener notices that bytes no longer come, in milliseconds: what is buffered, and 3 s; see `keep-playing.ts`. */
const PATIENCE_MS = 5_000
/** Time for which the balancer waits for an edge without power, and in which it notices one, in milliseconds. */
const CONNECT_TIMEOUT_MS = 1_000
const HEALTH_CHECK_MS = 2_000
/** Pause until the kernel sends a lost connection request again, in milliseconds. */
const SYN_RETRY_MS = 1_000
/** Round trip of listeners in milliseconds: at least, and the mean of what is added. */
const LEAST_TRIP_MS = 8
const MORE_TRIP_MS = 35
const MOST_TRIP_MS = 600
const BYTES_PER_MS = 16
const MS = 1_000
const TENTH_MS = 100
/** Bytes on the wire beyond those of the frames: TCP, IP and Ethernet. */
const OVERHEAD = 1.05

function byKind(): Histogram[] {
  return KINDS.map(() => new Histogram())
}

function playerPause(_losses: number, random: number): number {
  const [shortest, longest] = PLAYER_PAUSE_MS
  return shortest + (longest - shortest) * random
}

/** What listeners need to know of their surroundings. */
export interface ListenerPlan {
  /** Maximum number of listeners at one time. */
  readonly most: number
  readonly edges: number
  readonly limits: EdgeLimits
  /** Share of listeners of each stream. */
  readonly shares: readonly number[]
}

/** All listeners: those that are served as numbers by edge, kind and stream, and a record of each that is not. */
export class Listeners {
  readonly doors: readonly EdgeDoor[]
  /** Time without sound of those that have returned, or until the first sound, by cause, and by kind in the order of `KINDS`. */
  readonly waits: Readonly<Record<Cause, readonly Histogram[]>>
  /** Connection requests that were lost because the queue of an edge was full. */
  dropped = 0
  /** Listeners that no edge could take. */
  stranded = 0
  readonly #records: UnderWay
  readonly #pauses: readonly Pause[]
  readonly #clock: SimulatedClock
  readonly #random: Random
  readonly #shares: readonly number[]
  readonly #burstMs: number
  readonly #draws: number
  #outageUntil = 0
  #step = 0

  constructor({ most, edges, limits, shares }: ListenerPlan, parts: Parts, clock: SimulatedClock, random: Random) {
    this.#clock = clock
    this.#random = random
    this.#shares = shares
    this.#burstMs = parts.burstMs
    this.#draws = Math.min(parts.draws, edges)
    this.#records = new UnderWay(most)
    this.#pauses = [parts.pagePause, playerPause, parts.relayPause]
    this.doors = Array.from({ length: edges }, () => new EdgeDoor(limits, KINDS.length * shares.length))
    this.waits = { arrival: byKind(), 'edge ended': byKind(), 'edge without power': byKind(), outage: byKind() }
  }

  get served(): number {
    return this.doors.reduce((sum, { listeners }) => sum + listeners, 0)
  }

  /** New listeners connect within a step. */
  arrive(count: number): void {
    for (let i = 0; i < count; i++) {
      const record = this.#records.add(this.#anyKind(), this.#anyStream(), CAUSES.indexOf('arrival'), this.#clock.now())
      this.#records.wait(record, this.#step, STEP_MS * this.#random.next())
    }
  }

  /** Listeners leave, anywhere. @param count at most the number of those that are served */
  leave(count: number): void {
    for (let left = Math.min(count, this.served); left > 0; ) {
      const door = this.doors[this.#random.below(this.doors.length)]
      if (door?.leave(this.#cellOf(this.#anyKind(), this.#anyStream())) === true) left--
    }
  }

  /** An edge ends; without power it does not end its connections. */
  loseEdge(number: number, cause: 'edge ended' | 'edge without power'): void {
    const door = this.doors[number]
    if (door === undefined) return
    const isSilent = cause === 'edge without power'
    door.isUp = false
    door.unnoticedUntil = isSilent ? this.#clock.now() + HEALTH_CHECK_MS : 0
    for (let record = this.#records.shift(door.queue); record >= 0; record = this.#records.shift(door.queue)) {
      this.#lose(record, isSilent ? CONNECT_TIMEOUT_MS : 0)
    }
    this.#scatter(door, 1, cause, isSilent ? PATIENCE_MS : 0)
  }

  restoreEdge(number: number): void {
    const door = this.doors[number]
    if (door !== undefined) door.isUp = true
  }

  /** A share of all listeners is cut off, for a time in milliseconds. */
  cutOff(share: number, ms: number): void {
    this.#outageUntil = this.#clock.now() + ms
    for (const door of this.doors) this.#scatter(door, share, 'outage', 0)
  }

  /** Runs one step. */
  step(): void {
    this.#step++
    const due = this.#records.dueIn(this.#step)
    // Only those that are in the list now: the others are due when it comes round again.
    for (let left = due.length; left > 0; left--) this.#connect(this.#records.shift(due))
    const now = this.#clock.now()
    for (const door of this.doors) {
      if (!door.isUp) continue
      door.accept(this.#records, now, (record) => this.#accepted(door, record))
      door.send(door.listeners * BYTES_PER_MS * STEP_MS * OVERHEAD)
    }
    if (this.#step % (TENTH_MS / STEP_MS) === 0) for (const door of this.doors) door.endTenth()
    if (this.#step % (MS / STEP_MS) === 0) for (const door of this.doors) door.endSecond()
  }

  #accepted(door: EdgeDoor, record: number): void {
    const { kind, stream, cause, since } = this.#records
    door.serve(this.#cellOf(kind[record] ?? 0, stream[record] ?? 0))
    door.send(this.#burstMs * BYTES_PER_MS * OVERHEAD)
    const reason = CAUSES[cause[record] ?? 0] ?? 'arrival'
    const wait = this.#clock.now() - (since[record] ?? 0) + this.#tripMs()
    this.waits[reason][kind[record] ?? 0]?.add(wait)
    this.#records.remove(record)
  }

  #cellOf(kind: number, stream: number): number {
    return kind * this.#shares.length + stream
  }

  #connect(record: number): void {
    const now = this.#clock.now()
    if (this.#records.cause[record] === CAUSES.indexOf('outage') && now < this.#outageUntil)
      return this.#lose(record, 0)
    const door = this.#anyDoor(now)
    if (door === undefined) {
      this.stranded++
      return this.#lose(record, 0)
    }
    if (!door.isUp) return this.#records.wait(record, this.#step, CONNECT_TIMEOUT_MS)
    if (door.enter(this.#records, record, now)) return
    this.dropped++
    this.#records.wait(record, this.#step, SYN_RETRY_MS)
  }

  /** The balancer's choice: of some edges that it takes for up, drawn at random, the one with the fewest connections. */
  #anyDoor(now: number): EdgeDoor | undefined {
    const up = this.doors.filter((door) => door.isUp || now < door.unnoticedUntil)
    let found: EdgeDoor | undefined
    for (let drawn = 0; drawn < this.#draws; drawn++) {
      const door = this.#draws < up.length ? up[this.#random.below(up.length)] : up[drawn]
      if (door !== undefined && door.load < (found?.load ?? Number.POSITIVE_INFINITY)) found = door
    }
    return found
  }

  /** A share of an edge's listeners loses its connection. */
  #scatter(door: EdgeDoor, share: number, cause: Cause, noticeMs: number): void {
    for (const [cell, count] of door.served.entries()) {
      const lost = Math.round(count * share)
      door.lose(cell, lost)
      const [kind, stream] = [Math.floor(cell / this.#shares.length), cell % this.#shares.length]
      for (let i = 0; i < lost; i++) {
        const record = this.#records.add(kind, stream, CAUSES.indexOf(cause), this.#clock.now())
        this.#lose(record, noticeMs + this.#tripMs() / 2)
      }
    }
  }

  /** A listener has no connection, which it notices after a time, in milliseconds. */
  #lose(record: number, noticeMs: number): void {
    const { kind, losses } = this.#records
    const pause = this.#pauses[kind[record] ?? 0]
    const pauseMs = pause?.(losses[record] ?? 0, this.#random.next()) ?? 0
    losses[record] = Math.min(255, (losses[record] ?? 0) + 1)
    this.#records.wait(record, this.#step, noticeMs + pauseMs + this.#tripMs())
  }

  #tripMs(): number {
    return Math.min(MOST_TRIP_MS, LEAST_TRIP_MS + this.#random.exponential(MORE_TRIP_MS))
  }

  #anyKind(): number {
    let left = this.#random.next()
    return Math.max(
      0,
      KINDS.findIndex(({ share }) => (left -= share) < 0),
    )
  }

  #anyStream(): number {
    let left = this.#random.next()
    return Math.max(
      0,
      this.#shares.findIndex((share) => (left -= share) < 0),
    )
  }
}
