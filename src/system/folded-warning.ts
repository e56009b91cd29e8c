import type { Logger } from '@logtape/logtape'
import type { Clock } from './clock.ts'

/** Events of one kind are logged together, at most once in this time, in milliseconds. */
const LOG_EVERY_MS = 5_000

/** Warning about events of which there may be thousands. */
export class FoldedWarning {
  readonly #message: string
  readonly #none: Readonly<Record<string, number>>
  readonly #clock: Clock
  readonly #log: Logger
  #counts: Record<string, number>
  #about: Readonly<Record<string, unknown>> = {}
  #isWaiting = false

  /** @param counted names of the values that hold the numbers of events since the last warning. */
  constructor(message: string, counted: readonly string[], clock: Clock, log: Logger) {
    this.#message = message
    this.#none = Object.fromEntries(counted.map((name) => [name, 0]))
    this.#counts = { ...this.#none }
    this.#clock = clock
    this.#log = log
  }

  /** Reports an event. @param about values of the event; the newest ones are logged. */
  add(counted: string, about: Readonly<Record<string, unknown>> = {}): void {
    this.#counts[counted] = (this.#counts[counted] ?? 0) + 1
    this.#about = about
    if (!this.#isWaiting) this.#report()
  }

  #report(): void {
    this.#isWaiting = Object.values(this.#counts).some((count) => count > 0)
    if (!this.#isWaiting) return
    this.#log.warn(this.#message, { ...this.#counts, ...this.#about })
    this.#counts = { ...this.#none }
    this.#clock.after(LOG_EVERY_MS, () => this.#report())
  }
}
