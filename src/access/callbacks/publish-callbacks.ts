import type { Clock } from '../../system/clock.ts'
import type { Credentials } from '../logins.ts'
import type { Callbacks } from './callbacks.ts'
import { type AskedClient, clientForm } from './client-form.ts'
import { Granted } from './granted.ts'

/** A publisher, or a program that sets a title for one. */
export interface PublishQuestion extends AskedClient {
  /** It sets a title. */
  readonly isTitle: boolean
}

/** `unavailable`: there was no answer. */
export type PublishAnswer = 'granted' | 'unavailable' | { readonly denied: string | undefined }

/** Asks URLs about publishers, in the form of Icecast's URL authentication. */
export class PublishCallbacks {
  readonly #callbacks: Callbacks
  readonly #port: () => number
  readonly #granted: Granted

  /** @param port returns the port that the program listens at */
  constructor(callbacks: Callbacks, port: () => number, clock: Clock) {
    this.#callbacks = callbacks
    this.#port = port
    this.#granted = new Granted(clock)
  }

  async ask(url: string, offered: Credentials, question: PublishQuestion): Promise<PublishAnswer> {
    const key = [url, question.mount, offered, question.address]
    if (this.#granted.has(key)) return 'granted'
    const answer = await this.#callbacks.ask(url, () => ({
      action: 'stream_auth',
      ...clientForm(question, offered, this.#port()),
      ...(question.isTitle ? { admin: '1' } : {}),
    }))
    if (answer?.kind === 'no') return { denied: answer.message }
    if (answer?.kind !== 'yes') return 'unavailable'
    this.#granted.add(key)
    return 'granted'
  }
}
