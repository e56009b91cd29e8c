import type { GuardedStream, ListenAnswer, ListenGate, ListenQuestion } from '../access/listen-gate.ts'
import type { AccessReport } from './messages.ts'
import { Replica } from './replica.ts'

/** The gate of a delivery thread, which asks that of the main thread. */
export class RemoteGate implements ListenGate {
  readonly #post: (report: AccessReport) => void
  /** Questions without an answer, by the ids of listeners. */
  readonly #asked = new Map<number, (answer: ListenAnswer) => void>()

  /** @param post posts to the main thread. */
  constructor(post: (report: AccessReport) => void) {
    this.#post = post
  }

  ask(stream: GuardedStream, question: ListenQuestion): Promise<ListenAnswer> {
    if (!(stream instanceof Replica)) throw new TypeError('the stream is not of this thread')
    this.#post({ kind: 'may listen', stream: stream.id, question })
    return new Promise((resolve) => this.#asked.set(question.id, resolve))
  }

  leave(id: number): void {
    this.#post({ kind: 'gone', listener: id })
  }

  /** Handles an answer of the main thread. */
  take(listener: number, answer: ListenAnswer): void {
    this.#asked.get(listener)?.(answer)
    this.#asked.delete(listener)
  }
}
