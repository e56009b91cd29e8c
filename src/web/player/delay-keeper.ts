import type { LiveClock } from './live-clock.ts'

/** Correction of the delay. */
interface Pace {
  /** Playback rate; above 1 the player catches up, at the same pitch. */
  readonly rate: number
  /** The player is too far behind to catch up: restart it. */
  readonly jump: boolean
}

/** Inaudible where the pitch is preserved. */
const CATCH_UP_RATE = 1.03
/** Excess delay, in milliseconds, at which catching up starts, at which it ends, and from which it would take too long. */
const LATE_MS = 400
const ENOUGH_MS = 40
const TOO_LATE_MS = 1_500
/** Minimum intended delay, in milliseconds: players need a buffer even when the server's burst is small. */
const LEAST_KEPT_MS = 1_000

/** Measures the delay of a player behind the newest frame, and corrects it when it exceeds the intended delay. */
export class DelayKeeper {
  readonly #live: LiveClock
  readonly #now: () => number
  #requestedAt = 0
  /** Timestamp of the first frame, and the line of time that it belongs to; undefined: not known yet. */
  #beganAt: number | undefined
  #line: string | undefined
  #hasJumped = false
  /** Delay that the player needs, in milliseconds: raised when it is too late again after a jump. */
  #neededMs = LEAST_KEPT_MS

  constructor(live: LiveClock, now = () => performance.now()) {
    this.#live = live
    this.#now = now
  }

  /** Call when the player starts. @returns the frame to request; undefined: not known */
  begin(): number | undefined {
    this.#requestedAt = this.#now()
    const point = this.#live.start(this.#requestedAt)
    this.#beganAt = point?.at
    this.#line = point && this.#live.line
    return point?.frame
  }

  /** Forgets measurements of the previous connection. */
  forget(): void {
    this.#hasJumped = false
    this.#neededMs = LEAST_KEPT_MS
  }

  /** @param playedMs duration that the player has played since it started. @returns undefined when the delay is not known */
  behindMs(playedMs: number): number | undefined {
    this.#anchor()
    const newest = this.#live.newest(this.#now())
    if (newest === undefined || this.#beganAt === undefined || playedMs === 0) return undefined
    return this.#line === this.#live.line ? Math.max(0, newest - this.#beganAt - playedMs) : undefined
  }

  /** The intended delay. */
  keptMs(): number | undefined {
    const { burstMs } = this.#live
    return burstMs === undefined ? undefined : Math.max(burstMs, this.#neededMs)
  }

  /** @param playedMs see `behindMs`. @param rate the player's current rate. */
  pace(playedMs: number, rate: number): Pace {
    const behind = this.behindMs(playedMs) ?? 0
    const excess = behind - (this.keptMs() ?? 0)
    if (excess <= ENOUGH_MS) this.#hasJumped = false
    if (excess > TOO_LATE_MS && !this.#hasJumped) {
      this.#hasJumped = true
      return { rate: 1, jump: true }
    }
    if (excess > TOO_LATE_MS) this.#neededMs = behind
    const isLate = excess > (rate > 1 ? ENOUGH_MS : LATE_MS)
    return { rate: isLate ? CATCH_UP_RATE : 1, jump: false }
  }

  /** A player that started before the first event learns its start point later. */
  #anchor(): void {
    this.#beganAt ??= this.#live.start(this.#requestedAt)?.at
    this.#line ??= this.#live.line
  }
}
