import { createHash } from 'node:crypto'
import type { Clock } from '../../system/clock.ts'
import type { ListenQuestion } from '../listen-gate.ts'
import { remember } from '../remember.ts'
import type { CallbackAnswer } from './answer.ts'
import type { Callbacks, Form } from './callbacks.ts'

/** Time for which a yes is remembered for pages, which make several requests, in milliseconds. */
const REMEMBERED_MS = 60_000
const MAX_REMEMBERED = 1_000
const MS_PER_S = 1000
/** As Icecast writes an agent that is not known. */
const NO_AGENT = '-'

/** Asks URLs about listeners, in the form of Icecast's URL authentication. */
export class ListenCallbacks {
  readonly #callbacks: Callbacks
  readonly #port: () => number
  readonly #clock: Clock
  /** Times until which pages may have what was granted, by digests of questions. */
  readonly #granted = new Map<string, number>()

  /** @param port returns the port that the program listens at */
  constructor(callbacks: Callbacks, port: () => number, clock: Clock) {
    this.#callbacks = callbacks
    this.#port = port
    this.#clock = clock
  }

  /**
   * Asks about a listener. A request for a page or a head is like one of a listener to it, and a yes is remembered for a minute.
   * @param isNeeded called when the question is sent; it returns false when that is not needed any more
   * @returns undefined: it was not needed, or the yes is remembered
   */
  async ask(url: string, question: ListenQuestion, isNeeded: () => boolean): Promise<CallbackAnswer | undefined> {
    const key = question.purpose === 'listen' ? undefined : keyOf(url, question)
    if (key !== undefined && (this.#granted.get(key) ?? 0) > this.#clock.now()) return undefined
    const answer = await this.#callbacks.ask(url, () =>
      isNeeded() ? { action: 'listener_add', ...this.#formOf(question) } : undefined,
    )
    if (key !== undefined && answer?.kind === 'yes') {
      remember(this.#granted, key, this.#clock.now() + REMEMBERED_MS, MAX_REMEMBERED)
    }
    return answer
  }

  /** Notifies a URL that a listener has left. @param ms duration of its connection */
  left(url: string, question: ListenQuestion, ms: number): void {
    const duration = String(Math.round(ms / MS_PER_S))
    this.#callbacks.notify(url, { action: 'listener_remove', ...this.#formOf(question), duration })
  }

  #formOf({ id, mount, offered, address, agent, host }: ListenQuestion): Form {
    return {
      server: hostName(host),
      port: String(this.#port()),
      client: String(id),
      mount,
      user: offered?.user ?? '',
      pass: offered?.password ?? '',
      ip: address,
      agent: agent ?? NO_AGENT,
    }
  }
}

function keyOf(url: string, { mount, offered, network }: ListenQuestion): string {
  return createHash('sha256')
    .update(JSON.stringify([url, mount, offered, network]))
    .digest('base64')
}

/** @param host with or without a port @returns without it */
export function hostName(host = ''): string {
  return host.replace(/:\d*$/, '')
}
