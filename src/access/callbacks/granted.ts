import { createHash } from 'node:crypto'
import type { Clock } from '../../system/clock.ts'
import { remember } from '../remember.ts'

/** Time for which a yes is remembered, in milliseconds: pages make several requests, and publishers log in for each title. */
const REMEMBERED_MS = 60_000
const MAX_REMEMBERED = 1_000

/** Questions to which a URL has said yes, for a minute. */
export class Granted {
  readonly #clock: Clock
  /** Times until which each is granted, by digests of the questions. */
  readonly #until = new Map<string, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @param question its values, which JSON can have */
  has(question: readonly unknown[]): boolean {
    return (this.#until.get(digestOf(question)) ?? 0) > this.#clock.now()
  }

  add(question: readonly unknown[]): void {
    remember(this.#until, digestOf(question), this.#clock.now() + REMEMBERED_MS, MAX_REMEMBERED)
  }
}

/** The values have passwords, which are not kept. */
function digestOf(question: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(question)).digest('base64')
}
