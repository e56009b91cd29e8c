import type { Socket } from 'node:net'
import type { Logger } from '@logtape/logtape'
import type { CountRefusal } from '../access/refusal-counts.ts'
import type { Clock } from '../system/clock.ts'
import { FoldedWarning } from '../system/folded-warning.ts'
import { answerAndClose } from './http/answer-and-close.ts'
import { textAnswer } from './http/response-head.ts'

/** Which maximum is exceeded: that of all connections, or that of an address. */
export type Excess = 'all' | 'ofAddress'

/** Maximum number of connections beyond the limit that are open at a time, in each thread, while they get a response. */
const RESERVE = 16
const RETRY = { 'Retry-After': '10' }
const CAUSES = { all: 'connections', ofAddress: 'connections per address' } as const
const LINES: Readonly<Record<Excess, string>> = {
  all: 'the server has too many connections; try again later',
  ofAddress: 'your address has too many connections; try again later',
}

/**
 * Refuses connections beyond the limits before anything is read of them. A few of them get status 503; when these are many, more are
 * closed at once, without a response.
 */
export class OverLimit {
  readonly #countRefusal: CountRefusal
  readonly #clock: Clock
  readonly #warning: FoldedWarning
  #answering = 0

  constructor(countRefusal: CountRefusal, clock: Clock, log: Logger) {
    this.#countRefusal = countRefusal
    this.#clock = clock
    this.#warning = new FoldedWarning('connections over the limit', ['all', 'ofAddress'], clock, log)
  }

  /** Counts and logs a refusal. */
  add(excess: Excess): void {
    this.#warning.add(excess)
    this.#countRefusal(CAUSES[excess])
  }

  refuse(connection: Socket, excess: Excess): void {
    this.add(excess)
    if (this.#answering >= RESERVE) return void connection.destroy()
    this.#answering++
    connection.once('close', () => this.#answering--)
    answerAndClose(connection, textAnswer(503, LINES[excess], { fields: RETRY }), this.#clock)
  }
}
