import type { Logger } from '@logtape/logtape'
import type { WebSocket } from 'ws'
import { parsePcmFormat } from '../../../filters/pcm-format.ts'
import { endlessWavHeader } from '../../../filters/wav/header.ts'
import {
  type Publication,
  type Publisher,
  type Publishing,
  type PublishRefusal,
  REPLACED,
} from '../../station/publishing.ts'
import type { Stream } from '../../stream/stream.ts'
import type { Clock } from '../../system/clock.ts'
import { CLOSE } from '../../websocket/close-codes.ts'
import { ProtocolError } from '../../websocket/protocol-error.ts'
import { readHello } from './live-hello.ts'
import type { LiveHello } from './live-messages.ts'
import { PublisherSocket } from './publisher-socket.ts'

/** Request of a publisher: its path, and its client, which is an address and a port. */
export interface PublishRequest {
  readonly path: string
  readonly client: string
  /** User agent, as the browser states it. */
  readonly agent: string | undefined
}

/** Checks a token. The promise resolves after a delay if the client has offered wrong ones. */
export type CheckToken = (offered: string) => Promise<boolean>

const HELLO_WITHIN_MS = 10_000
/** Interval of the messages with the number of listeners, which also show that the server is alive, in milliseconds. */
const REPORT_EVERY_MS = 1_000
const SAMPLE_BYTES = 2

const REFUSALS: Readonly<Record<PublishRefusal, number>> = {
  'another publisher is on air': CLOSE.occupied,
  'this stream has a source of its own': CLOSE.pathTaken,
  'there is no stream to publish at this path': CLOSE.pathTaken,
  'the path is not valid': CLOSE.pathTaken,
  'a page has this path': CLOSE.pathTaken,
  'too many streams are published': CLOSE.full,
}

/** Publishes a connection's samples after a hello with the right token, until the connection is closed. */
export function connectPublisher(
  opened: WebSocket,
  request: PublishRequest,
  publishing: Publishing,
  checkToken: CheckToken,
  clock: Clock,
  log: Logger,
): void {
  new BrowserPublisher(opened, request, publishing, checkToken, clock, log).waitForHello()
}

/** The publisher at one connection. */
class BrowserPublisher implements Publisher {
  /** Set by the hello. */
  identity = ''
  readonly peer: Publisher['peer']
  readonly #socket: PublisherSocket
  readonly #request: PublishRequest
  readonly #publishing: Publishing
  readonly #checkToken: CheckToken
  readonly #clock: Clock
  readonly #log: Logger
  #stopWaiting: () => void = () => {}
  #hasHello = false
  #publication: Publication | undefined
  #stopReporting: (() => void) | undefined

  constructor(
    opened: WebSocket,
    request: PublishRequest,
    publishing: Publishing,
    checkToken: CheckToken,
    clock: Clock,
    log: Logger,
  ) {
    this.#request = request
    this.peer = { kind: 'publisher', name: request.client, agent: request.agent }
    this.#publishing = publishing
    this.#checkToken = checkToken
    this.#clock = clock
    this.#log = log
    this.#socket = new PublisherSocket(opened, this, clock)
  }

  waitForHello(): void {
    const giveUp = () => this.#socket.end(CLOSE.noHello, 'no hello message in time')
    this.#stopWaiting = this.#clock.after(HELLO_WITHIN_MS, giveUp)
  }

  receive(bytes: Buffer, isBinary: boolean): void {
    if (isBinary) this.#receiveSamples(bytes)
    else this.#receiveHello(bytes)
  }

  closed(): void {
    this.#stopWaiting()
    this.#stopReporting?.()
    this.#publication?.leave(this.#socket.closeReason)
  }

  ended(reason: string): void {
    this.#socket.end(reason === REPLACED ? CLOSE.replaced : CLOSE.ended, reason)
  }

  drained(): void {
    this.#socket.resume()
  }

  #receiveHello(bytes: Buffer): void {
    if (this.#hasHello) throw new ProtocolError(CLOSE.invalidMessage, 'a second hello message')
    this.#hasHello = true
    void this.#enter(readHello(bytes))
  }

  #receiveSamples(bytes: Buffer): void {
    this.#socket.count(bytes)
    if (bytes.length % SAMPLE_BYTES !== 0)
      throw new ProtocolError(CLOSE.invalidMessage, 'the message is not a whole number of samples')
    if (this.#publication?.push(bytes) === false) this.#socket.pause()
  }

  async #enter({ token, me, rate }: LiveHello): Promise<void> {
    const { path, client } = this.#request
    this.#stopWaiting()
    if (!(await this.#checkToken(token))) {
      this.#log.warn('publishing token rejected', { client })
      return this.#socket.end(CLOSE.wrongToken, 'wrong token')
    }
    this.identity = `page ${me}`
    const point = await this.#publishing.at(path)
    if (!this.#socket.isOpen) return
    const answer = typeof point === 'string' ? point : point.publish(this)
    if (typeof answer === 'string') return this.#socket.end(REFUSALS[answer], answer)
    this.#publication = answer
    this.#socket.limitTo(rate)
    answer.push(headerOf(rate))
    this.#keepReporting(answer.stream)
  }

  #keepReporting(stream: Stream): void {
    this.#socket.send({ type: 'onAir', listeners: stream.listeners })
    this.#stopReporting = this.#clock.after(REPORT_EVERY_MS, () => this.#keepReporting(stream))
  }
}

/** Returns the WAV header for mono samples of 16 bit. */
function headerOf(rate: number): Buffer {
  return endlessWavHeader(parsePcmFormat(`s16le:${rate}:1`))
}
