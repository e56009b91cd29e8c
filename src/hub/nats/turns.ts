import type { Clock } from '../../system/clock.ts'

/** Lets some tasks run at a time; others wait for their turn, in the order in which they came. */
export class Turns {
  readonly #clock: Clock
  readonly #most: number
  readonly #waiting = new Set<() => void>()
  #running = 0

  /** @param most number of tasks at a time */
  constructor(clock: Clock, most: number) {
    this.#clock = clock
    this.#most = most
  }

  /** Waits for a turn, which `end` ends. @param ms time to wait. @returns false: it has not come in time, and is not to be ended */
  async take(ms: number): Promise<boolean> {
    if (this.#running < this.#most) {
      this.#running++
      return true
    }
    return new Promise((resolve) => {
      const go = () => {
        cancel()
        resolve(true)
      }
      const cancel = this.#clock.after(ms, () => {
        this.#waiting.delete(go)
        resolve(false)
      })
      this.#waiting.add(go)
    })
  }

  /** Ends a turn: the next one begins. */
  end(): void {
    const [next] = this.#waiting
    if (next === undefined) {
      this.#running--
      return
    }
    this.#waiting.delete(next)
    next()
  }
}
