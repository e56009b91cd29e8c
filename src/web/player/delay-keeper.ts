import type { LiveClock } from './live-clock.ts'

/** Correction of the delay. */
interface Pace {
  /** Playback rate; above 1 the player catches up, at the same pitch. */
  readonly rate: number
  /** The player is too far behind to catch up: restart it. */
  readonly jump: boolean
}

/** A position on a line of time. */
export interface Place {
  readonly at: number
  readonly line: string
}

/** Inaudible where the pitch is preserved. */
const CATCH_UP_RATE = 1.03
/** Excess delay, in milliseconds, at which catching up starts, at which it ends, and from which it would take too long. */
const LATE_MS = 400
const ENOUGH_MS = 40
const TOO_LATE_MS = 1_500
/** Excess delay, in milliseconds, from which a player of a stream with rewind stays behind: it catches up less in three minutes. */
const STAYS_BEHIND_MS = 5_000
/**
 * Time of catching up after which its effect is judged, and minimum effect, both in milliseconds: WebKitGTK accepts the rate, and
 * plays at 1. The effect should be 300 ms; the estimate varies by a third of that.
 */
const JUDGED_AFTER_MS = 10_000
const LEAST_EFFECT_MS = 100
/** Minimum intended delay, in milliseconds: players need a buffer even when the server's burst is small. */
const LEAST_KEPT_MS = 1_000

/**
 * Measures the delay of a player behind the newest frame, and corrects it when it exceeds the intended delay. On a
 * stream with rewind, a listener misses nothing after the start: after an interruption the player catches up, or stays behind.
 */
export class DelayKeeper {
  readonly #live: LiveClock
  readonly #now: () => number
  #requestedAt = 0
  /** Place that was requested; undefined: the newest sound. */
  #place: Place | undefined
  /** Timestamp of the first frame, and the line of time that it belongs to; undefined: not known yet. */
  #beganAt: number | undefined
  #line: string | undefined
  #hasJumped = false
  /** The listener has heard the newest sound, with the intended delay. */
  #hasHeard = false
  #isBehind = false
  /** When the player began to catch up, and its excess delay then; undefined: it is not late. */
  #catching: { readonly since: number; readonly excess: number } | undefined
  /** Delay that the player needs, in milliseconds: raised when it is too late again after a jump, and when it does not catch up. */
  #neededMs = LEAST_KEPT_MS

  constructor(live: LiveClock, now = () => performance.now()) {
    this.#live = live
    this.#now = now
  }

  /**
   * Call when the player starts.
   * @param place where it begins, if the server still has it, or else at the oldest frame; undefined: at the newest sound
   * @returns the part of a query that requests it; empty: the start is not known
   */
  begin(place?: Place): string {
    this.#requestedAt = this.#now()
    const agoMs = this.#agoOf(place)
    this.#place = agoMs === undefined ? undefined : place
    this.#isBehind = (agoMs ?? 0) > (this.#keptLiveMs() ?? 0) + STAYS_BEHIND_MS
    this.#beganAt = undefined
    this.#line = undefined
    const frame = this.#anchor()
    if (agoMs !== undefined) return `ago=${Math.round(agoMs)}ms`
    return frame === undefined ? '' : `at=${frame}`
  }

  /** Forgets measurements of the previous connection. */
  forget(): void {
    this.#hasJumped = false
    this.#hasHeard = false
    this.#catching = undefined
    this.#neededMs = LEAST_KEPT_MS
  }

  /** @param playedMs duration that the player has played since it started. @returns undefined when the delay is not known */
  behindMs(playedMs: number): number | undefined {
    this.#anchor()
    const newest = this.#live.newest(this.#now())
    if (newest === undefined || this.#beganAt === undefined) return undefined
    if (playedMs === 0 && this.#place === undefined) return undefined
    return this.#line === this.#live.line ? Math.max(0, newest - this.#beganAt - playedMs) : undefined
  }

  /** The audible sound, at which a later `begin` continues; undefined: not known, or listeners cannot go back. */
  placeOf(playedMs: number): Place | undefined {
    if (this.#live.reachMs === undefined || this.#beganAt === undefined || this.#line === undefined) return undefined
    return { at: this.#beganAt + playedMs, line: this.#line }
  }

  /** The intended delay; undefined: not known, or the listener stays behind. */
  keptMs(): number | undefined {
    return this.#isBehind ? undefined : this.#keptLiveMs()
  }

  /** @param playedMs see `behindMs`. @param rate the player's current rate. */
  pace(playedMs: number, rate: number): Pace {
    const behind = this.behindMs(playedMs)
    // A player that is slow to start after a jump keeps the mark that it has jumped, or it would jump again.
    if (behind === undefined) return { rate: 1, jump: false }
    const excess = behind - (this.#keptLiveMs() ?? 0)
    if (excess <= ENOUGH_MS) this.#hasJumped = false
    if (this.#missesNothing(excess)) {
      this.#isBehind = excess > (this.#isBehind ? ENOUGH_MS : STAYS_BEHIND_MS)
      if (this.#isBehind) return { rate: 1, jump: false }
    } else if (excess > TOO_LATE_MS) {
      if (!this.#hasJumped) {
        this.#hasJumped = true
        return { rate: 1, jump: true }
      }
      this.#neededMs = behind
    }
    const isLate = excess > (rate > 1 ? ENOUGH_MS : LATE_MS)
    if (isLate && this.#failsToCatchUp(excess)) {
      this.#neededMs = behind
      return { rate: 1, jump: false }
    }
    if (!isLate) this.#catching = undefined
    return { rate: isLate ? CATCH_UP_RATE : 1, jump: false }
  }

  #failsToCatchUp(excess: number): boolean {
    const now = this.#now()
    this.#catching ??= { since: now, excess }
    if (now - this.#catching.since < JUDGED_AFTER_MS) return false
    const effect = this.#catching.excess - excess
    this.#catching = undefined
    return effect < LEAST_EFFECT_MS
  }

  #keptLiveMs(): number | undefined {
    const { burstMs } = this.#live
    return burstMs === undefined ? undefined : Math.max(burstMs, this.#neededMs)
  }

  /** Whether a jump would leave out sound that a listener of the sound before it can still have. */
  #missesNothing(excess: number): boolean {
    if (this.#live.reachMs === undefined) return false
    if (this.#beganAt !== undefined && excess <= LATE_MS) this.#hasHeard = true
    return this.#hasHeard || this.#place !== undefined
  }

  /** Returns the age of the sound at a place, in milliseconds; undefined: a listener begins as if it joined. */
  #agoOf(place: Place | undefined): number | undefined {
    const { reachMs, line = place?.line } = this.#live
    if (place === undefined || place.line !== line || reachMs === undefined) return undefined
    const agoMs = Math.min(this.#live.ageOf(place.at, this.#requestedAt) ?? 0, reachMs)
    return agoMs > (this.#keptLiveMs() ?? LEAST_KEPT_MS) ? agoMs : undefined
  }

  /**
   * Learns the start, as soon as the server's events are known; a player may start before the first of them.
   * @returns the first frame of a listener that joins, when it is new
   */
  #anchor(): number | undefined {
    if (this.#beganAt !== undefined) return undefined
    const { line, reachMs } = this.#live
    const newest = this.#live.newest(this.#requestedAt)
    const point = this.#place === undefined ? this.#live.start(this.#requestedAt) : undefined
    if (this.#place === undefined) this.#beganAt = point?.at
    else if (newest !== undefined) this.#beganAt = Math.max(this.#place.at, newest - (reachMs ?? 0))
    if (this.#beganAt !== undefined) this.#line = line
    return point?.frame
  }
}
