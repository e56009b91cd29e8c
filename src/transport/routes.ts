import type { Socket } from 'node:net'
import type { Logger } from '@logtape/logtape'
import type { DeliveryOf } from '../delivery/deliveries.ts'
import type { Visits } from '../delivery/visits.ts'
import type { ServedStream } from '../stream/served-stream.ts'
import type { Clock } from '../system/clock.ts'
import type { Delegate } from './delegate.ts'
import { answerAndClose } from './http/answer-and-close.ts'
import type { RequestHandler } from './http/read-head.ts'
import { BadRequest, type RequestHead } from './http/request-head.ts'
import { optionsAnswer, textAnswer } from './http/response-head.ts'
import { isShoutcastPath } from './icy/shoutcast-paths.ts'
import type { StreamAccess } from './stream-access.ts'
import { createStreamResponder } from './stream-responder.ts'

/** The streams that clients can request. */
export interface Streams {
  /** The stream at a decoded URL path such as `/` or `/cd`; undefined when there is none. */
  find(path: string): Promise<ServedStream | undefined>
}

/**
 * Takes over a request that is not for a stream, and its socket, which is paused: of a publisher, or of a method besides GET and
 * HEAD. @returns false, with both untouched, when it is for others
 */
export type TakeRequest = (request: RequestHead, socket: Socket) => boolean | Promise<boolean>

/** Responds to requests of one method. Its errors are handled by the routes. */
type MethodHandler = (request: RequestHead, socket: Socket) => void | Promise<void>

/**
 * Responds to requests: GET with a stream, HEAD with its head, OPTIONS with the methods, and errors with a line of text.
 * @param take gets requests of publishers @param delegate gets requests that are not for a stream, or for more than its bytes.
 */
export function createRoutes(
  station: Streams,
  deliveryOf: DeliveryOf,
  visits: Visits,
  access: StreamAccess,
  take: TakeRequest,
  delegate: Delegate,
  clock: Clock,
  log: Logger,
): RequestHandler {
  const respond = createStreamResponder(deliveryOf, visits, access, delegate, clock)

  async function get(asked: RequestHead, socket: Socket): Promise<void> {
    const [request, stream] = await findStream(station, asked)
    const answer = { version: request.version, headOnly: request.method === 'HEAD' }
    if (stream === undefined) {
      if (await take(request, socket)) return
      if (await delegate({ request, socket, isStream: false })) return
      return answerAndClose(socket, textAnswer(404, 'there is no stream at this path', answer), clock)
    }
    await respond(request, socket, stream)
  }

  const methods: ReadonlyMap<string, MethodHandler> = new Map<string, MethodHandler>([
    ['GET', get],
    ['HEAD', get],
  ])
  const other: MethodHandler = async (request, socket) => {
    if (await take(request, socket)) return
    if (isAdminPost(request) && (await delegate({ request, socket, isStream: false }))) return
    const { method, version } = request
    const answer =
      method === 'OPTIONS'
        ? optionsAnswer({ version })
        : textAnswer(405, 'only GET, HEAD and OPTIONS are supported', { version })
    answerAndClose(socket, answer, clock)
  }

  return (request, socket) => {
    const handle = methods.get(request.method) ?? other
    void handleErrors(handle, request, socket, clock, log)
  }
}

/** Whether a page gets this request: administrators may act by POST, which unlike GET is never repeated or loaded in advance. */
export function isAdminPost({ method, path }: RequestHead): boolean {
  return method === 'POST' && path.startsWith('/admin/')
}

/** Returns the stream of a request, and the request with the path of that stream. */
async function findStream(
  station: Streams,
  request: RequestHead,
): Promise<[request: RequestHead, stream: ServedStream | undefined]> {
  const stream = await station.find(request.path)
  if (stream !== undefined || !isShoutcastPath(request.path)) return [request, stream]
  const only = await station.find('/')
  return only === undefined ? [request, undefined] : [{ ...request, path: '/' }, only]
}

async function handleErrors(
  handle: MethodHandler,
  request: RequestHead,
  socket: Socket,
  clock: Clock,
  log: Logger,
): Promise<void> {
  try {
    await handle(request, socket)
  } catch (error) {
    if (error instanceof BadRequest) {
      const answer = { version: request.version, headOnly: request.method === 'HEAD' }
      return answerAndClose(socket, textAnswer(error.status, error.message, answer), clock)
    }
    log.error('request failed', { path: request.path, error: String(error) })
    socket.destroy()
  }
}
