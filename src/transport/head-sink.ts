import type { Socket } from 'node:net'
import type { Sink, SinkOwner } from '../delivery/listener.ts'
import type { Clock } from '../system/clock.ts'
import { answerAndClose } from './answer-and-close.ts'

/** How long the source stays open for the GET that mostly follows, with `-close-idle` too, in milliseconds. */
const STAYS_OPEN_MS = 5_000

export interface HeadSinkOptions {
  /** Makes the answer as it is when the first frame has come, or when there is no more time. */
  readonly head: () => Buffer
  /** Makes the answer where the source is refused. */
  readonly refusal: (why: string) => Buffer
  /** How long the first frame is waited for, in milliseconds. */
  readonly waitMs: number
}

/** Answers HEAD as soon as the source has shown what it is. It opens the source like a listener, and takes one write at most. */
export class HeadSink implements Sink {
  owner: SinkOwner | undefined
  readonly #socket: Socket
  readonly #options: HeadSinkOptions
  readonly #clock: Clock
  readonly #cancelWait: () => void
  #isAnswered = false

  constructor(socket: Socket, options: HeadSinkOptions, clock: Clock) {
    this.#socket = socket
    this.#options = options
    this.#clock = clock
    this.#cancelWait = clock.after(options.waitMs, () => this.#answer(options.head()))
    socket.once('close', () => this.#leftEarly())
    socket.resume()
  }

  write(): boolean {
    this.#answer(this.#options.head())
    // It is never drained, so that nothing else is written.
    return false
  }

  end(): void {
    this.#answer(this.#options.head())
    this.owner?.gone('got its bytes')
  }

  refuse(why: string): void {
    this.#answer(this.#options.refusal(why))
    this.owner?.gone('source refused')
  }

  #answer(answer: Buffer): void {
    if (this.#isAnswered) return
    this.#isAnswered = true
    this.#cancelWait()
    answerAndClose(this.#socket, answer, this.#clock)
    this.#clock.after(STAYS_OPEN_MS, () => this.owner?.gone('got its bytes'))
  }

  #leftEarly(): void {
    if (this.#isAnswered) return
    this.#isAnswered = true
    this.#cancelWait()
    this.owner?.gone('left')
  }
}
