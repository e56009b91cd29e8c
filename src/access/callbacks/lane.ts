import type { Clock } from '../../system/clock.ts'

/** Limits of a lane. */
export interface LaneLimits {
  /** Maximum number of tasks at once, and of those that wait. */
  readonly atOnce: number
  readonly waiting: number
  /** Maximum wait of a task, in milliseconds. */
  readonly waitMs: number
}

/** A task that waits. */
interface Waiting {
  begin(): void
  readonly cancelExpiry: () => void
}

/** Runs a limited number of tasks at once, in the order of their arrival. */
export class Lane {
  readonly #limits: LaneLimits
  readonly #clock: Clock
  readonly #waiting = new Set<Waiting>()
  #running = 0

  constructor(limits: LaneLimits, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
  }

  /** True when nothing runs or waits. */
  get isIdle(): boolean {
    return this.#running === 0
  }

  /** Runs a task, which must not reject. Resolves to its result; undefined when it has not begun, because too many tasks wait or run. */
  async run<Result>(task: () => Promise<Result>): Promise<Result | undefined> {
    if (!(await this.#mayBegin())) return undefined
    const result = await task()
    this.#running--
    const [next] = this.#waiting
    next?.begin()
    return result
  }

  #mayBegin(): boolean | Promise<boolean> {
    if (this.#running < this.#limits.atOnce) {
      this.#running++
      return true
    }
    if (this.#waiting.size >= this.#limits.waiting) return false
    return new Promise((resolve) => this.#wait(resolve))
  }

  #wait(resolve: (mayBegin: boolean) => void): void {
    const expire = () => {
      this.#waiting.delete(waiting)
      resolve(false)
    }
    const waiting: Waiting = {
      begin: () => {
        this.#waiting.delete(waiting)
        waiting.cancelExpiry()
        this.#running++
        resolve(true)
      },
      cancelExpiry: this.#clock.after(this.#limits.waitMs, expire),
    }
    this.#waiting.add(waiting)
  }
}
