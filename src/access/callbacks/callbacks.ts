import type { Logger } from '@logtape/logtape'
import type { Clock } from '../../system/clock.ts'
import { createRatePerClient, type RatePerClient } from '../rate-per-client.ts'
import { type CallbackAnswer, readAnswer } from './answer.ts'
import { Lane, type LaneLimits } from './lane.ts'
import { Poster } from './post.ts'

/** Fields of a form by name. */
export type Form = Readonly<Record<string, string>>

/** Maximum time for an answer, in milliseconds. */
const ANSWER_WITHIN_MS = 5_000
/**
 * Limits of questions, for each URL: 10,000 listeners that connect at once get answers that take 50 ms within 4 s, and a callback that
 * never answers keeps a listener waiting for 15 s at most.
 */
const QUESTIONS: LaneLimits = { atOnce: 128, waiting: 20_000, waitMs: 10_000 }
/** Limits of notices, which no client waits for. */
const NOTICES: LaneLimits = { atOnce: 16, waiting: 20_000, waitMs: 60_000 }
/** Failures of one URL that are logged at once, and per second later. */
const LOG_BURST = 3
const LOG_PER_S = 1 / 60

/** Asks URLs that decide about clients. Each URL has its own limits, so that one without answers holds up no stream with another one. */
export class Callbacks {
  readonly #clock: Clock
  readonly #log: Logger
  readonly #poster: Poster
  readonly #rate: RatePerClient
  readonly #lanes = new Map<string, Lane>()

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock
    this.#log = log
    this.#poster = new Poster(clock)
    this.#rate = createRatePerClient(LOG_PER_S, LOG_BURST, clock)
  }

  /**
   * Asks whether a client may do something. Never rejects.
   * @param form called when the question is sent; undefined: it is not sent any more, and the answer is undefined
   */
  async ask(url: string, form: () => Form | undefined): Promise<CallbackAnswer | undefined> {
    const answer = await this.#run('ask', url, QUESTIONS, async () => {
      const fields = form()
      return fields && this.#post(url, fields)
    })
    return answer === undefined ? { kind: 'failed', error: 'too many questions wait for an answer' } : answer.result
  }

  /** Sends a notice, if the URL is not too slow for it. */
  notify(url: string, form: Form): void {
    void this.#run('notify', url, NOTICES, () => this.#post(url, form))
  }

  /** @returns undefined: it has not begun */
  async #run<Result>(
    kind: string,
    url: string,
    limits: LaneLimits,
    task: () => Promise<Result>,
  ): Promise<{ readonly result: Result } | undefined> {
    const key = `${kind} ${url}`
    const lane = this.#lanes.get(key) ?? new Lane(limits, this.#clock)
    this.#lanes.set(key, lane)
    const done = await lane.run(async () => ({ result: await task() }))
    if (lane.isIdle) this.#lanes.delete(key)
    if (done === undefined) this.#failed(url, 'too many questions wait for an answer')
    return done
  }

  async #post(url: string, form: Form): Promise<CallbackAnswer> {
    try {
      const posted = await this.#poster.post(url, new URLSearchParams(form).toString(), ANSWER_WITHIN_MS)
      const answer = readAnswer(posted)
      if (answer.kind === 'failed') this.#failed(url, answer.error)
      return answer
    } catch (error) {
      const { message } = error as Error
      this.#failed(url, message)
      return { kind: 'failed', error: message }
    }
  }

  /** The query of a URL, and a user in it, may be secret. */
  #failed(url: string, error: string): void {
    const { origin, pathname } = new URL(url)
    if (this.#rate.take(url)) this.#log.error('access callback failed', { url: origin + pathname, error })
  }
}
