import type { WebSocket } from 'ws'
import type { Clock } from '../system/clock.ts'
import { createRoundTrips } from './round-trips.ts'

export const PING_EVERY_MS = 20_000
/** Maximum wait for a pong. A client that vanishes is removed after at most this and one `PING_EVERY_MS`. */
export const DEAD_AFTER_MS = 40_000

/**
 * Pings of one connection: behind sound, they show whether it arrives in time; without sound, whether the client is still
 * connected.
 */
export interface Heartbeat {
  /** Whether sound sent now would arrive too late. */
  isLate(): boolean
  /** Sends a ping behind the sound that was just sent, if one is due. */
  probe(): void
  /** Handles a pong. */
  pong(payload: Buffer): void
  /** The connection is not read for now, so that no pong can arrive: the client is not given up meanwhile. */
  pause(): void
  /** It is read again: a pong has the full time to arrive. */
  resume(): void
  stop(): void
}

/** @param onDead called once, when no pong has arrived for `DEAD_AFTER_MS`. */
export function startHeartbeat(socket: WebSocket, clock: Clock, onDead: () => void): Heartbeat {
  const trips = createRoundTrips()
  const ping = () => socket.ping(String(trips.sent(clock.now())))
  let isPaused = false
  let resumedAt = Number.NEGATIVE_INFINITY
  const beat = () => {
    const now = clock.now()
    const waitsMs = trips.inFlightMs(now)
    const isDead = waitsMs >= DEAD_AFTER_MS && now - resumedAt >= DEAD_AFTER_MS
    if (isDead && !isPaused) return onDead()
    if (waitsMs === 0) ping()
    stop = clock.after(PING_EVERY_MS, beat)
  }
  let stop = clock.after(PING_EVERY_MS, beat)
  return {
    isLate: () => trips.isLate(clock.now()),
    probe() {
      if (trips.isDue(clock.now())) ping()
    },
    pong: (payload) => void trips.returned(Number(payload.toString()), clock.now()),
    pause() {
      isPaused = true
    },
    resume() {
      isPaused = false
      resumedAt = clock.now()
    },
    stop: () => stop(),
  }
}
