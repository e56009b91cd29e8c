import type { LiveClock } from './live-clock.ts'

/** What to do about being behind. */
interface Pace {
  /** Of the player; above 1 it catches up, in the same pitch. */
  readonly rate: number
  /** It is too far behind to catch up: begin anew. */
  readonly jump: boolean
}

/** Knows how far behind a player is, and sees to it that it does not stay further behind than it means to be. */
export interface DelayKeeper {
  /** The player begins. @returns the frame to ask for; undefined: it is not known which */
  begin(): number | undefined
  /** What was learned of the connection holds no more. */
  forget(): void
  /** @param earMs how much the player has played since it began. @returns undefined when it is not known */
  behindMs(earMs: number): number | undefined
  /** How far behind it means to be. */
  keptMs(): number | undefined
  /** @param rate the player's now. */
  pace(earMs: number, rate: number): Pace
}

/** Nobody hears it where pitch is kept. */
const CATCH_UP_RATE = 1.03
/** Further behind than is meant, in milliseconds: when catching up begins, when it is over, and when it would take too long. */
const LATE_MS = 400
const ENOUGH_MS = 40
const TOO_LATE_MS = 1_500
/** Players need something in hand, whatever burst the server gives. In milliseconds. */
const LEAST_KEPT_MS = 1_000

export function createDelayKeeper(live: LiveClock, now = () => performance.now()): DelayKeeper {
  let beganAt: number | undefined
  let line: string | undefined
  let askedAt = 0
  let hasJumped = false
  /** A player that is too late again after a jump needs so much to begin with. */
  let neededMs = LEAST_KEPT_MS

  const anchor = () => {
    // Who began before there was any news finds out later where that was.
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
