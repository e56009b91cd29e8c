import type { Stream } from '../stream/stream.ts'
import { type Clock, inTime, pause } from '../system/clock.ts'
import { bitRateField, type DirectoryForm, removeForm, touchForm } from './directory-forms.ts'
import { askDirectory, type DirectoryAnswer } from './directory-request.ts'

/** Time for an answer, in milliseconds. */
const ANSWER_WITHIN_MS = 30_000
/** Time for the answer when an entry is removed, in milliseconds: the end of the program waits for it. */
const REMOVE_WITHIN_MS = 2_000
/** Interval of renewals, in milliseconds: at least, unless the directory asks for another one, and at most. */
const RENEW_MS = { least: 30_000, usual: 300_000, most: 3_600_000 }
/** Time to the first renewal, which has the title and the listeners, in milliseconds. */
const FIRST_RENEWAL_MS = 5_000
/** Pause after a failure, in milliseconds; it doubles up to the longest. */
const RETRY_MS = { first: 60_000, longest: 3_600_000 }

/** The entry of a stream in a directory: added, renewed and removed as Icecast does it (the YP protocol). */
export class DirectoryEntry {
  readonly directory: string
  readonly stream: Stream
  /** What the directory is told of the stream; another form needs a new entry. */
  readonly form: DirectoryForm
  readonly #clock: Clock
  readonly #ending = new AbortController()
  readonly #ended: Promise<void>
  #hint = new AbortController()
  #sid = ''
  #failures = 0
  #reason = ''

  constructor(directory: string, stream: Stream, form: DirectoryForm, clock: Clock) {
    this.directory = directory
    this.stream = stream
    this.form = form
    this.#clock = clock
    this.#ended = this.#run()
  }

  /** Renews the entry soon, because the title has changed. */
  touchSoon(): void {
    this.#hint.abort()
  }

  /** Removes the entry; resolved when the directory has answered, or after a short time. */
  async end(): Promise<void> {
    this.#ending.abort('the entry is removed')
    await this.#ended
    if (this.#sid === '') return
    await inTime(this.#clock, REMOVE_WITHIN_MS, this.#ask(removeForm(this.#sid), REMOVE_WITHIN_MS))
    this.#left('removed')
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending
    while (!signal.aborted) {
      if (this.#sid === '') await this.#add(signal)
      else await this.#touch(signal)
    }
  }

  async #add(signal: AbortSignal): Promise<void> {
    const answer = await this.#ask({ ...this.form, b: bitRateField(this.stream) }, ANSWER_WITHIN_MS, signal)
    if (!answer.isAccepted || answer.sid === '') {
      return this.#failed(answer.isAccepted ? 'the answer has no SID' : answer.reason, signal)
    }
    this.#sid = answer.sid
    this.#succeeded()
    this.stream.log.info('directory listing started', { url: this.directory })
    await pause(this.#clock, FIRST_RENEWAL_MS, signal)
  }

  async #touch(signal: AbortSignal): Promise<void> {
    this.#hint = new AbortController()
    const answer = await this.#ask(touchForm(this.stream, this.#sid), ANSWER_WITHIN_MS, signal)
    if (answer.isAccepted) {
      this.#succeeded()
      return this.#untilRenewal(answer.renewMs, signal)
    }
    // The directory does not know the entry any more; without an answer it may.
    if (answer.isAnswer) this.#left(answer.reason)
    await this.#failed(answer.reason, signal)
  }

  /** A title is sent sooner, at the shortest interval. */
  async #untilRenewal(wantedMs: number = RENEW_MS.usual, signal: AbortSignal): Promise<void> {
    const ms = Math.min(RENEW_MS.most, Math.max(RENEW_MS.least, wantedMs))
    await pause(this.#clock, RENEW_MS.least, signal)
    await pause(this.#clock, ms - RENEW_MS.least, AbortSignal.any([signal, this.#hint.signal]))
  }

  async #failed(reason: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    const ms = Math.min(RETRY_MS.longest, RETRY_MS.first * 2 ** this.#failures++)
    if (reason !== this.#reason) this.stream.log.warn('directory listing failed', { url: this.directory, reason })
    this.#reason = reason
    await pause(this.#clock, ms, signal)
  }

  #succeeded(): void {
    this.#failures = 0
    this.#reason = ''
  }

  #left(reason: string): void {
    this.#sid = ''
    this.stream.log.info('directory listing ended', { url: this.directory, reason })
  }

  async #ask(form: DirectoryForm, withinMs: number, signal?: AbortSignal): Promise<DirectoryAnswer> {
    const limit = new AbortController()
    const cancel = this.#clock.after(withinMs, () => limit.abort(`no answer within ${withinMs / 1000} s`))
    const either = signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal])
    const answer = await askDirectory(this.directory, form, either)
    cancel()
    return answer
  }
}
