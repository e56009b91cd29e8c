import type { Clock } from '../system/clock.ts'
import { timeWords } from '../text/time-words.ts'

/** A jump of the system clock. */
export interface ClockJump {
  /** In milliseconds of the clock, which does not jump. */
  readonly at: number
  /** One sentence. */
  readonly text: string
}

/** Smallest jump that is noted, in milliseconds: NTP slews the clock by less than 1 ms a second, and steps it by more. */
const SMALLEST_MS = 5_000

/** Notices when the system clock jumps, by comparing it with the monotonic clock. */
export class WallClock {
  readonly #clock: Clock
  readonly #wall: () => number
  /** Difference between the two clocks, in milliseconds. */
  #offset: number
  #jump: ClockJump | undefined

  /** @param wall returns the system time, in milliseconds since 1970 */
  constructor(clock: Clock, wall: () => number) {
    this.#clock = clock
    this.#wall = wall
    this.#offset = wall() - clock.now()
  }

  /** The last jump, as of the last look; undefined: there was none. */
  get jump(): ClockJump | undefined {
    return this.#jump
  }

  /** Returns the system time, in milliseconds since 1970. */
  now(): number {
    return this.#wall()
  }

  /** Compares the clocks. */
  look(): void {
    const offset = this.#wall() - this.#clock.now()
    const ms = offset - this.#offset
    this.#offset = offset
    if (Math.abs(ms) >= SMALLEST_MS) this.#jump = { at: this.#clock.now(), text: jumpText(ms) }
  }
}

function jumpText(ms: number): string {
  const words = timeWords(Math.round(Math.abs(ms) / 1000) * 1000)
  // Linux does not count suspended time in CLOCK_MONOTONIC (clock_gettime(2)).
  if (ms > 0) return `The system clock was set forward by ${words}, or the machine was suspended.`
  return `The system clock was set back by ${words}.`
}
