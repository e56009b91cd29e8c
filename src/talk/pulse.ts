import type { WebSocket } from 'ws'
import type { Clock } from '../system/clock.ts'
import { DEAD_AFTER_MS, PING_EVERY_MS } from './limits.ts'
import { createTrips } from './trips.ts'

/** The pings of one connection: behind the sound, to know whether it is in time, and without sound, to know whether anybody is there. */
export interface Pulse {
  /** What is sent now would come too late. */
  isLate(): boolean
  /** Sound has been sent. */
  follow(): void
  /** A pong came. */
  answer(payload: Buffer): void
  stop(): void
}

/** @param die called once, when nobody has answered for too long. */
export function startPulse(socket: WebSocket, clock: Clock, die: () => void): Pulse {
  const trips = createTrips()
  const ping = () => socket.ping(String(trips.leave(clock.now())))
  const beat = () => {
    const waitsMs = trips.underWayMs(clock.now())
    if (waitsMs >= DEAD_AFTER_MS) return die()
    if (waitsMs === 0) ping()
    stop = clock.after(PING_EVERY_MS, beat)
  }
  let stop = clock.after(PING_EVERY_MS, beat)
  return {
    isLate: () => trips.isLate(clock.now()),
    follow() {
      if (trips.isDue(clock.now())) ping()
    },
    answer: (payload) => void trips.arrive(Number(payload.toString()), clock.now()),
    stop: () => stop(),
  }
}
