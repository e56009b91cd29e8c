import { createHash } from 'node:crypto'
import type { Clock } from '../../system/clock.ts'
import type { Credentials } from '../logins.ts'
import { remember } from '../remember.ts'
import type { Callbacks } from './callbacks.ts'
import { hostName } from './listen-callbacks.ts'

/** A publisher, or a program that sets a title for one. */
export interface PublishQuestion {
  /** Encoded path at which it publishes. */
  readonly mount: string
  /** IP address. */
  readonly address: string
  readonly agent: string | undefined
  /** Host that it requested, with its port; undefined: not known. */
  readonly host: string | undefined
  /** It sets a title. */
  readonly isTitle: boolean
}

/** `unavailable`: there was no answer. */
export type PublishAnswer = 'granted' | 'unavailable' | { readonly denied: string | undefined }

/** Time for which a yes is remembered, in milliseconds: programs log in again for each title, and after each lost connection. */
const REMEMBERED_MS = 60_000
const MAX_REMEMBERED = 1_000

/** Asks URLs about publishers, in the form of Icecast's URL authentication. */
export class PublishCallbacks {
  readonly #callbacks: Callbacks
  readonly #port: () => number
  readonly #clock: Clock
  /** Times until which publishers may have what was granted, by digests of questions. */
  readonly #granted = new Map<string, number>()

  /** @param port returns the port that the program listens at */
  constructor(callbacks: Callbacks, port: () => number, clock: Clock) {
    this.#callbacks = callbacks
    this.#port = port
    this.#clock = clock
  }

  async ask(url: string, offered: Credentials, question: PublishQuestion): Promise<PublishAnswer> {
    const { mount, address, agent = '-', host, isTitle } = question
    const key = createHash('sha256')
      .update(JSON.stringify([url, mount, offered, address]))
      .digest('base64')
    if ((this.#granted.get(key) ?? 0) > this.#clock.now()) return 'granted'
    const answer = await this.#callbacks.ask(url, () => ({
      action: 'stream_auth',
      server: hostName(host),
      port: String(this.#port()),
      mount,
      user: offered.user,
      pass: offered.password,
      ip: address,
      agent,
      ...(isTitle ? { admin: '1' } : {}),
    }))
    if (answer?.kind === 'no') return { denied: answer.message }
    if (answer?.kind !== 'yes') return 'unavailable'
    remember(this.#granted, key, this.#clock.now() + REMEMBERED_MS, MAX_REMEMBERED)
    return 'granted'
  }
}
