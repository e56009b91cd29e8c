import type { Clock } from '../../system/clock.ts'
import type { ListenQuestion } from '../listen-gate.ts'
import type { CallbackAnswer } from './answer.ts'
import type { Callbacks, Form } from './callbacks.ts'
import { clientForm } from './client-form.ts'
import { Granted } from './granted.ts'

const MS_PER_S = 1000

/** Asks URLs about listeners, in the form of Icecast's URL authentication. */
export class ListenCallbacks {
  readonly #callbacks: Callbacks
  readonly #port: () => number
  readonly #granted: Granted

  /** @param port returns the port that the program listens at */
  constructor(callbacks: Callbacks, port: () => number, clock: Clock) {
    this.#callbacks = callbacks
    this.#port = port
    this.#granted = new Granted(clock)
  }

  /**
   * Asks about a listener. A request for a page or a head is like one of a listener to it, and a yes is remembered for a minute.
   * @param isNeeded called when the question is sent; it returns false when that is not needed any more
   * @returns undefined: it was not needed, or the yes is remembered
   */
  async ask(url: string, question: ListenQuestion, isNeeded: () => boolean): Promise<CallbackAnswer | undefined> {
    const { purpose, mount, offered, network } = question
    // The URL decides about each listener.
    const key = purpose === 'listen' ? undefined : [url, mount, offered, network]
    if (key !== undefined && this.#granted.has(key)) return undefined
    const answer = await this.#callbacks.ask(url, () =>
      isNeeded() ? { action: 'listener_add', ...this.#formOf(question) } : undefined,
    )
    if (key !== undefined && answer?.kind === 'yes') this.#granted.add(key)
    return answer
  }

  /** Notifies a URL that a listener has left. @param ms duration of its connection */
  left(url: string, question: ListenQuestion, ms: number): void {
    const duration = String(Math.round(ms / MS_PER_S))
    this.#callbacks.notify(url, { action: 'listener_remove', ...this.#formOf(question), duration })
  }

  #formOf(question: ListenQuestion): Form {
    return { client: String(question.id), ...clientForm(question, question.offered, this.#port()) }
  }
}
