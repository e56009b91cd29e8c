import type { Logger } from '@logtape/logtape'
import type { PcmFormat } from '../../filters/pcm-format.ts'
import { typeByName } from '../../filters/type-by-name.ts'
import { endlessWavHeader } from '../../filters/wav/header.ts'
import type { DeliveryOf } from '../delivery/deliveries.ts'
import type { ServedStream } from '../stream/served-stream.ts'
import type { Clock } from '../system/clock.ts'
import { createCloseQueue } from './close-queue.ts'
import type { Delegate, OtherRequest } from './delegate.ts'
import { answerAndClose } from './http/answer-and-close.ts'
import type { RequestHandler } from './http/read-head.ts'
import { BadRequest, type RequestHead } from './http/request-head.ts'
import { optionsAnswer, textAnswer } from './http/response-head.ts'
import { createBlocks } from './icy/icy-block.ts'
import type { AboutStation } from './icy/icy-fields.ts'
import { isShoutcastPath } from './icy/shoutcast-paths.ts'
import { queryOf } from './stream-query.ts'
import { respondWithHead, respondWithStream } from './stream-response.ts'

/** Settings for responses that can change while the program runs. */
export interface RouteOptions {
  /** Samples of raw streams, and whether a request without `?raw` gets them as WAV. */
  readonly samples: { readonly format: PcmFormat; readonly wavByDefault: boolean } | undefined
  readonly clientTimeoutMs: number
  /** Media type guessed from the name or command of the source; undefined: none. */
  readonly likelyType: string | undefined
  readonly about: AboutStation
}

/** The streams that clients can request. */
export interface Streams {
  /** The stream at a decoded URL path such as `/` or `/cd`; undefined when there is none. */
  find(path: string): Promise<ServedStream | undefined>
}

/**
 * Answers requests: GET with a stream, HEAD with its head, OPTIONS with the methods, and errors with a line of text.
 * @param delegate gets requests that are not for a stream, or for more than its bytes.
 */
export function createRoutes(
  station: Streams,
  deliveryOf: DeliveryOf,
  options: RouteOptions,
  delegate: Delegate,
  clock: Clock,
  log: Logger,
): RequestHandler {
  const blockOf = createBlocks(options.about.url)
  const closeQueue = createCloseQueue()
  return (request, socket) => {
    const { method, version } = request
    if (method === 'OPTIONS') return answerAndClose(socket, optionsAnswer({ version }), clock)
    if (method !== 'GET' && method !== 'HEAD') {
      return answerAndClose(socket, textAnswer(405, 'only GET, HEAD and OPTIONS are supported', { version }), clock)
    }
    findFor(request)
      .then(([found, stream]) => answerFor({ request: found, socket, isStream: stream !== undefined }, stream))
      .catch((error: unknown) => {
        if (error instanceof BadRequest) {
          const answer = { version, headOnly: method === 'HEAD' }
          return answerAndClose(socket, textAnswer(error.status, error.message, answer), clock)
        }
        log.error('request failed', { path: request.path, error: String(error) })
        socket.destroy()
      })
  }

  /** @returns the stream of a request, and the request with the path of that stream. */
  async function findFor(request: RequestHead): Promise<[request: RequestHead, stream: ServedStream | undefined]> {
    const stream = await station.find(request.path)
    if (stream !== undefined || !isShoutcastPath(request.path)) return [request, stream]
    const only = await station.find('/')
    return only === undefined ? [request, undefined] : [{ ...request, path: '/' }, only]
  }

  async function answerFor(asked: OtherRequest, stream: ServedStream | undefined): Promise<void> {
    const { request, socket } = asked
    const answer = { version: request.version, headOnly: request.method === 'HEAD' }
    if (stream === undefined) {
      if (await delegate(asked)) return
      return answerAndClose(socket, textAnswer(404, 'there is no stream at this path', answer), clock)
    }
    if (stream.isFinished) return answerAndClose(socket, textAnswer(503, 'this stream has ended', answer), clock)
    const { about, clientTimeoutMs } = options
    const samples = stream.isRaw ? options.samples : undefined
    const query = queryOf(request, { samples, contentType: stream.contentType })
    if ((query.page || query.low) && (await delegate(asked))) return
    const contentType = query.wav ? 'audio/wav' : undefined
    const prefix = query.wav && samples !== undefined ? endlessWavHeader(samples.format) : undefined
    const start = { frame: query.frame, burstMs: query.burstMs, forPlayer: query.wav }
    const likelyType = typeByName(request.path) ?? options.likelyType
    const how = { prefix, contentType, likelyType, start, clientTimeoutMs, about, blockOf, closeQueue }
    const answerIt = request.method === 'HEAD' ? respondWithHead : respondWithStream
    answerIt(request, socket, stream, deliveryOf(stream), how, clock)
  }
}
