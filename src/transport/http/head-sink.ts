import type { Socket } from 'node:net'
import type { Sink, SinkOwner } from '../../delivery/listener.ts'
import type { Clock } from '../../system/clock.ts'
import { answerAndClose } from './answer-and-close.ts'

/** Time that the source stays open for the GET that usually follows, even with `-close-idle`, in milliseconds. */
const STAYS_OPEN_MS = 5_000

export interface HeadSinkOptions {
  /** Makes the response, once the first frame is there or the time is over. */
  readonly head: () => Buffer
  /** Makes the response when the source is refused. @param why in one line */
  readonly refusal: (why: string) => Buffer
  /** Maximum wait for the first frame, in milliseconds. */
  readonly waitMs: number
}

/**
 * Answers HEAD as soon as the format of the source is known. It opens the source as a listener does, and accepts one write at
 * most.
 */
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
    socket.once('close', () => this.#disconnected())
    socket.resume()
  }

  write(): boolean {
    this.#answer(this.#options.head())
    // It never drains, so the delivery writes nothing else.
    return false
  }

  end(): void {
    this.#answer(this.#options.head())
    this.owner?.gone('byte limit')
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
    this.#clock.after(STAYS_OPEN_MS, () => this.owner?.gone('byte limit'))
  }

  #disconnected(): void {
    if (this.#isAnswered) return
    this.#isAnswered = true
    this.#cancelWait()
    this.owner?.gone('disconnected')
  }
}
