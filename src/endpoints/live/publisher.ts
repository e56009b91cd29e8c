import type { Logger } from '@logtape/logtape'
import type { WebSocket } from 'ws'
import { parsePcmFormat } from '../../../filters/pcm-format.ts'
import { endlessWavHeader } from '../../../filters/wav/header.ts'
import type { Publication, PublishedStreams, PublishRefusal } from '../../station/published-streams.ts'
import type { Stream } from '../../stream/stream.ts'
import type { Clock } from '../../system/clock.ts'
import { startHeartbeat } from '../../websocket/heartbeat.ts'
import { ProtocolError } from '../../websocket/protocol-error.ts'
import { readHello } from './live-hello.ts'
import { CLOSE, HIGHEST_RATE, type LiveHello, type LiveMessage } from './live-messages.ts'
import { createSpeakerLimits } from './publisher-limits.ts'

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
  { path, client }: Whereabouts,
  live: PublishedStreams,
  judge: Judge,
  clock: Clock,
  log: Logger,
): void {
  let limits = createSpeakerLimits(HIGHEST_RATE, clock)
  let isGreeted = false
  let publication: Publication | undefined
  let stopTelling: (() => void) | undefined
  let why = 'left'
  const isOpen = () => opened.readyState === opened.OPEN
  const end = (code: number, reason: string) => {
    if (!isOpen()) return
    why = reason
    opened.close(code, reason)
  }
  const tell = (message: LiveMessage) => {
    if (isOpen()) opened.send(JSON.stringify(message))
  }
  const pulse = startHeartbeat(opened, clock, () => opened.terminate())
  const stopWaiting = clock.after(HELLO_WITHIN_MS, () => end(CLOSE.noHello, 'no hello came in time'))

  async function enter({ token, me, rate }: LiveHello): Promise<void> {
    stopWaiting()
    if (!(await judge(token))) {
      log.warn('a wrong token for going on the air', { client })
      return end(CLOSE.wrongToken, 'this is not the token')
    }
    const replaced = () => end(CLOSE.replaced, 'this page is here again')
    const answer = await live.publish(path, headerOf(rate), { me, replaced })
    if (typeof answer === 'string') return end(REFUSALS[answer], answer)
    if (!isOpen()) return answer.leave()
    publication = answer
    limits = createSpeakerLimits(rate, clock)
    log.info('speaker came', { stream: path, client, rate })
    keepTelling(answer.stream)
  }

  function keepTelling(stream: Stream): void {
    const { listeners } = stream
    tell({ type: 'onAir', listeners })
    stopTelling = clock.after(TELL_EVERY_MS, () => keepTelling(stream))
  }

  function takeText(bytes: Buffer): void {
    if (isGreeted) throw new ProtocolError(CLOSE.notUnderstood, 'hello is said once')
    isGreeted = true
    void enter(readHello(bytes))
  }

  function takeSamples(bytes: Buffer): void {
    limits.samples(bytes.length)
    if (bytes.length % SAMPLE_BYTES !== 0) throw new ProtocolError(CLOSE.notUnderstood, 'these are no whole samples')
    publication?.feed.push(bytes)
  }

  /** Messages that arrive after a fault, while the connection is closing, are ignored. */
  function judged(take: (bytes: Buffer, isBinary: boolean) => void): (bytes: Buffer, isBinary: boolean) => void {
    return (bytes, isBinary) => {
      if (!isOpen()) return
      try {
        limits.message()
        take(bytes, isBinary)
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error
        end(error.code, error.message)
      }
    }
  }

  function gone(): void {
    stopWaiting()
    stopTelling?.()
    pulse.stop()
    if (publication === undefined) return
    publication.leave()
    log.info('speaker left', { stream: path, client, droppedBytes: publication.feed.droppedBytes, why })
  }

  opened.on(
    'message',
    judged((bytes, isBinary) => (isBinary ? takeSamples(bytes) : takeText(bytes))),
  )
  opened.on(
    'ping',
    judged(() => {}),
  )
  opened.on(
    'pong',
    judged((payload) => pulse.answer(payload)),
  )
  // The library has already answered invalid bytes with a close frame; 'close' follows.
  opened.on('error', () => {})
  opened.on('close', gone)
}

/** Returns the WAV header for mono samples of 16 bit. */
function headerOf(rate: number): Buffer {
  return endlessWavHeader(parsePcmFormat(`s16le:${rate}:1`))
}
