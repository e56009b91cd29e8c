import type { Clock } from '../../system/clock.ts'

/** Time between two requests to send frames again, in milliseconds: origins answer no more often. */
const PAUSE_MS = 250

/** Requests to the origins of a stream to send the last seconds again. */
export class RepeatRequests {
  /** Time of the last request, in milliseconds of the clock. */
  sentAt = Number.NEGATIVE_INFINITY
  readonly #clock: Clock
  readonly #send: () => void
  readonly #isNeeded: () => boolean
  #cancel: (() => void) | undefined

  /** @param isNeeded asked before a request that had to wait */
  constructor(clock: Clock, send: () => void, isNeeded: () => boolean) {
    this.#clock = clock
    this.#send = send
    this.#isNeeded = isNeeded
  }

  /** Asks now, or when the origins answer again. @returns the time of that, in milliseconds of the clock */
  add(): number {
    const now = this.#clock.now()
    const at = this.sentAt + PAUSE_MS
    if (at <= now) {
      this.sentAt = now
      this.#send()
      return now
    }
    this.#cancel ??= this.#clock.after(at - now, () => {
      this.#cancel = undefined
      if (!this.#isNeeded()) return
      this.sentAt = this.#clock.now()
      this.#send()
    })
    return at
  }

  close(): void {
    this.#cancel?.()
  }
}
