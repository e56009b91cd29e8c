import type { LiveClock } from './live-clock.ts'

/** Correction of the delay. */
interface Pace {
  /** Playback rate; above 1 the player catches up, at the same pitch. */
  readonly rate: number
  /** The player is too far behind to catch up: restart it. */
  readonly jump: boolean
}

/** Measures the delay of a player behind the newest frame, and corrects it when it exceeds the intended delay. */
export interface DelayKeeper {
  /** Call when the player starts. @returns the frame to request; undefined: not known */
  begin(): number | undefined
  /** Forgets measurements of the previous connection. */
  forget(): void
  /** @param earMs duration that the player has played since it started. @returns undefined when the delay is not known */
  behindMs(earMs: number): number | undefined
  /** The intended delay. */
  keptMs(): number | undefined
  /** @param rate the player's current rate. */
  pace(earMs: number, rate: number): Pace
}

/** Inaudible where the pitch is preserved. */
const CATCH_UP_RATE = 1.03
/** Excess delay, in milliseconds, at which catching up starts, at which it ends, and from which it would take too long. */
const LATE_MS = 400
const ENOUGH_MS = 40
const TOO_LATE_MS = 1_500
/** Minimum intended delay, in milliseconds: players need a buffer even when the server's burst is small. */
const LEAST_KEPT_MS = 1_000

export function createDelayKeeper(live: LiveClock, now = () => performance.now()): DelayKeeper {
  let beganAt: number | undefined
  let line: string | undefined
  let askedAt = 0
  let hasJumped = false
  /** Delay that the player needs, in milliseconds: raised when it is too late again after a jump. */
  let neededMs = LEAST_KEPT_MS

  const anchor = () => {
    // A player that started before the first event learns its start point later.
    beganAt ??= live.start(askedAt)?.at
    line ??= live.line
  }
  const behindMs = (earMs: number) => {
    anchor()
    const newest = live.newest(now())
    if (newest === undefined || beganAt === undefined || line !== live.line || earMs === 0) return undefined
    return Math.max(0, newest - beganAt - earMs)
  }
  const keptMs = () => (live.burstMs === undefined ? undefined : Math.max(live.burstMs, neededMs))
  return {
    begin() {
      askedAt = now()
      const point = live.start(askedAt)
      beganAt = point?.at
      line = point && live.line
      return point?.frame
    },
    forget() {
      hasJumped = false
      neededMs = LEAST_KEPT_MS
    },
    behindMs,
    keptMs,
    pace(earMs, rate) {
      const behind = behindMs(earMs) ?? 0
      const excess = behind - (keptMs() ?? 0)
      if (excess <= ENOUGH_MS) hasJumped = false
      if (excess > TOO_LATE_MS && !hasJumped) {
        hasJumped = true
        return { rate: 1, jump: true }
      }
      if (excess > TOO_LATE_MS) neededMs = behind
      const isLate = excess > (rate > 1 ? ENOUGH_MS : LATE_MS)
      return { rate: isLate ? CATCH_UP_RATE : 1, jump: false }
    },
  }
}
