import type { GuardedStream, ListenAnswer, ListenGate, ListenQuestion } from '../access/listen-gate.ts'
import type { Order } from './messages.ts'

const ENDED: ListenAnswer = { kind: 'refused', status: 503, line: 'this stream has ended' }

/** The listeners of one thread that the gate knows. They leave it with their thread. */
export class WorkerListeners {
  readonly #gate: ListenGate
  readonly #post: (order: Order) => void
  readonly #ids = new Set<number>()
  #isOver = false

  /** @param post posts to the thread. */
  constructor(gate: ListenGate, post: (order: Order) => void) {
    this.#gate = gate
    this.#post = post
  }

  /** Posts the answer of the gate. @param stream undefined: it has ended */
  async ask(stream: GuardedStream | undefined, question: ListenQuestion): Promise<void> {
    const answer = stream === undefined ? ENDED : await this.#gate.ask(stream, question)
    const { id } = question
    if (this.#isOver) return this.#gate.leave(id)
    if (answer.kind === 'granted') this.#ids.add(id)
    this.#post({ kind: 'access', listener: id, answer })
  }

  leave(id: number): void {
    this.#ids.delete(id)
    this.#gate.leave(id)
  }

  /** Removes all listeners of a thread that has ended. */
  giveUp(): void {
    this.#isOver = true
    for (const id of this.#ids) this.leave(id)
  }
}
