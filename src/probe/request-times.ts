import type { RequestStep } from '../source/relay/connect.ts'
import { shownUrl } from '../source/relay/shown-url.ts'
import type { Clock } from '../system/clock.ts'

/** Times of the last request, in milliseconds; undefined: the step was not reached, or does not exist for the address. */
interface StepTimes {
  readonly nameMs: number | undefined
  readonly connectMs: number | undefined
  readonly tlsMs: number | undefined
  readonly answerMs: number | undefined
}

/** Times of the steps of all requests between an address and its sound. */
export class RequestTimes {
  /** Addresses of the requests, in order, for display. */
  readonly addresses: string[] = []
  /** When the probe began, on the clock. */
  readonly beganAt: number
  /** The last step of the last request. */
  last: RequestStep | undefined
  readonly #clock: Clock
  /** Times on the clock, by the steps of the last request. */
  #marks = new Map<RequestStep, number>()

  constructor(clock: Clock) {
    this.#clock = clock
    this.beganAt = clock.now()
  }

  /** Milliseconds from the beginning of the probe. */
  now(): number {
    return this.#clock.now() - this.beganAt
  }

  /** Called at each step of each request. */
  readonly reached = (step: RequestStep, url: URL): void => {
    if (step === 'began') {
      this.#marks = new Map()
      this.addresses.push(shownUrl(url))
    }
    this.last = step
    this.#marks.set(step, this.now())
  }

  /** From the beginning of the probe to the first byte of the sound, in milliseconds. */
  get firstByteMs(): number | undefined {
    return this.#marks.get('first byte')
  }

  /** Returns the time that each step has taken. */
  steps(): StepTimes {
    const named = this.#between('began', 'name found')
    return {
      nameMs: named,
      connectMs: this.#between(named === undefined ? 'began' : 'name found', 'connected'),
      tlsMs: this.#between('connected', 'secured'),
      answerMs: this.#between(this.#marks.has('secured') ? 'secured' : 'connected', 'answered'),
    }
  }

  #between(from: RequestStep, to: RequestStep): number | undefined {
    const [begin, end] = [this.#marks.get(from), this.#marks.get(to)]
    return begin === undefined || end === undefined ? undefined : end - begin
  }
}
