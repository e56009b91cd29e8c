import type { Logger } from '@logtape/logtape'
import type { WebSocket } from 'ws'
import { parsePcmFormat } from '../../../filters/pcm-format.ts'
import { endlessWavHeader } from '../../../filters/wav/header.ts'
import type { Publication, PublishedStreams, Publisher, PublishRefusal } from '../../station/published-streams.ts'
import type { Stream } from '../../stream/stream.ts'
import type { Clock } from '../../system/clock.ts'
import { ProtocolError } from '../../websocket/protocol-error.ts'
import { readHello } from './live-hello.ts'
import { CLOSE, type LiveHello } from './live-messages.ts'
import { PublisherSocket } from './publisher-socket.ts'

/** Path that a publisher requests, and its client: an address and a port. */
export interface Whereabouts {
  readonly path: string
  readonly client: string
}

/** Checks a token. The promise resolves after a delay if the client has offered wrong ones. */
export type Judge = (offered: string) => Promise<boolean>

const HELLO_WITHIN_MS = 10_000
/** Interval of the messages with the number of listeners, which also show that the server is alive, in milliseconds. */
const TELL_EVERY_MS = 1_000
const SAMPLE_BYTES = 2

const REFUSALS: Readonly<Record<PublishRefusal, number>> = {
  'somebody else is on air': CLOSE.somebodyElse,
  'a stream of another kind is there': CLOSE.pathTaken,
  'too many streams': CLOSE.full,
}

/** Publishes a connection's samples after a hello with the right token, until the connection is closed. */
export function connectPublisher(
  opened: WebSocket,
  whereabouts: Whereabouts,
  live: PublishedStreams,
  judge: Judge,
  clock: Clock,
  log: Logger,
): void {
  new BrowserPublisher(opened, whereabouts, live, judge, clock, log).waitForHello()
}

/** The publisher at one connection. */
class BrowserPublisher implements Publisher {
  /** Set by the hello. */
  me = ''
  readonly #socket: PublisherSocket
  readonly #whereabouts: Whereabouts
  readonly #live: PublishedStreams
  readonly #judge: Judge
  readonly #clock: Clock
  readonly #log: Logger
  #stopWaiting: () => void = () => {}
  #isGreeted = false
  #publication: Publication | undefined
  #stopTelling: (() => void) | undefined

  constructor(
    opened: WebSocket,
    whereabouts: Whereabouts,
    live: PublishedStreams,
    judge: Judge,
    clock: Clock,
    log: Logger,
  ) {
    this.#whereabouts = whereabouts
    this.#live = live
    this.#judge = judge
    this.#clock = clock
    this.#log = log
    this.#socket = new PublisherSocket(opened, this, clock)
  }

  waitForHello(): void {
    const giveUp = () => this.#socket.end(CLOSE.noHello, 'no hello came in time')
    this.#stopWaiting = this.#clock.after(HELLO_WITHIN_MS, giveUp)
  }

  receive(bytes: Buffer, isBinary: boolean): void {
    if (isBinary) this.#takeSamples(bytes)
    else this.#takeHello(bytes)
  }

  closed(): void {
    this.#stopWaiting()
    this.#stopTelling?.()
    if (this.#publication === undefined) return
    this.#publication.leave()
    const { client } = this.#whereabouts
    const { stream } = this.#publication
    stream.events.emit({ kind: 'publisher disconnected', client, reason: this.#socket.closeReason })
  }

  replaced(): void {
    this.#socket.end(CLOSE.replaced, 'this page is here again')
  }

  drained(): void {
    this.#socket.resume()
  }

  #takeHello(bytes: Buffer): void {
    if (this.#isGreeted) throw new ProtocolError(CLOSE.notUnderstood, 'hello is said once')
    this.#isGreeted = true
    void this.#enter(readHello(bytes))
  }

  #takeSamples(bytes: Buffer): void {
    this.#socket.count(bytes)
    if (bytes.length % SAMPLE_BYTES !== 0) throw new ProtocolError(CLOSE.notUnderstood, 'these are no whole samples')
    if (this.#publication?.feed.push(bytes) === false) this.#socket.pause()
  }

  async #enter({ token, me, rate }: LiveHello): Promise<void> {
    const { path, client } = this.#whereabouts
    this.#stopWaiting()
    if (!(await this.#judge(token))) {
      this.#log.warn('publishing token rejected', { client })
      return this.#socket.end(CLOSE.wrongToken, 'this is not the token')
    }
    this.me = me
    const answer = await this.#live.publish(path, headerOf(rate), this)
    if (typeof answer === 'string') return this.#socket.end(REFUSALS[answer], answer)
    if (!this.#socket.isOpen) return answer.leave()
    this.#publication = answer
    this.#socket.limitTo(rate)
    answer.stream.events.emit({ kind: 'publisher connected', client, rate })
    this.#keepTelling(answer.stream)
  }

  #keepTelling(stream: Stream): void {
    this.#socket.send({ type: 'onAir', listeners: stream.listeners })
    this.#stopTelling = this.#clock.after(TELL_EVERY_MS, () => this.#keepTelling(stream))
  }
}

/** Returns the WAV header for mono samples of 16 bit. */
function headerOf(rate: number): Buffer {
  return endlessWavHeader(parsePcmFormat(`s16le:${rate}:1`))
}
