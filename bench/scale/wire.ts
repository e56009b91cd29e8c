import type { Random } from './random.ts'
import type { SimulatedClock } from './simulated-clock.ts'

/** Properties of one direction of a connection. */
export interface WireQuality {
  readonly latencyMs: number
  /** Maximum that a message takes longer, in milliseconds. */
  readonly jitterMs: number
  readonly megabitsPerSecond: number
  /** Part of the messages that are lost once, and the mean time until they are sent again, in milliseconds. */
  readonly lossShare: number
  readonly resendMs: number
}

/** Maximum time of a stall, in milliseconds. */
const LONGEST_STALL_MS = 1_000
const BITS = 8
const BITS_PER_MS = 1_000

export const LAN: WireQuality = { latencyMs: 0.2, jitterMs: 0.3, megabitsPerSecond: 10_000, lossShare: 0, resendMs: 0 }
export const WAN: WireQuality = { latencyMs: 12, jitterMs: 6, megabitsPerSecond: 1_000, lossShare: 2e-5, resendMs: 60 }
/** A long way with losses: each one stalls all that follow, as TCP does. */
export const SLOW: WireQuality = { latencyMs: 140, jitterMs: 60, megabitsPerSecond: 20, lossShare: 2e-3, resendMs: 250 }

/** One direction of a TCP connection: messages arrive in order, none is lost, and a loss on the way delays all that follow. */
export class Wire {
  readonly #clock: SimulatedClock
  readonly #random: Random
  readonly quality: WireQuality
  #sentAt = 0
  #arrivedAt = 0

  constructor(clock: SimulatedClock, random: Random, quality: WireQuality) {
    this.#clock = clock
    this.#random = random
    this.quality = quality
  }

  /** Sends a message. @returns the time at which it arrives, in milliseconds */
  send(bytes: number): number {
    const { latencyMs, jitterMs, megabitsPerSecond, lossShare, resendMs } = this.quality
    this.#sentAt = Math.max(this.#clock.now(), this.#sentAt) + (bytes * BITS) / (megabitsPerSecond * BITS_PER_MS)
    const isLost = lossShare > 0 && this.#random.next() < lossShare
    const stallMs = isLost ? Math.min(LONGEST_STALL_MS, resendMs / 2 + this.#random.exponential(resendMs / 2)) : 0
    const arrival = this.#sentAt + latencyMs + jitterMs * this.#random.next() + stallMs
    this.#arrivedAt = Math.max(this.#arrivedAt, arrival)
    return this.#arrivedAt
  }

  /** Holds all messages that are sent from now on until a time, in milliseconds. */
  holdUntil(time: number): void {
    this.#arrivedAt = Math.max(this.#arrivedAt, time)
  }
}
