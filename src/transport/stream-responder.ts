import type { Socket } from 'node:net'
import { typeByName } from '../../filters/type-by-name.ts'
import { endlessWavHeader } from '../../filters/wav/header.ts'
import type { DeliveryOf } from '../delivery/deliveries.ts'
import type { Start } from '../delivery/start.ts'
import type { Visits } from '../delivery/visits.ts'
import type { About } from '../plan/stream-plan.ts'
import { samplesOf } from '../stream/samples-of.ts'
import type { ServedStream } from '../stream/served-stream.ts'
import type { Clock } from '../system/clock.ts'
import { createCloseQueue } from './close-queue.ts'
import type { Delegate } from './delegate.ts'
import { setUser } from './exchange.ts'
import { answerAndClose } from './http/answer-and-close.ts'
import type { RequestHead } from './http/request-head.ts'
import { textAnswer } from './http/response-head.ts'
import { type BlockOf, createBlocks } from './icy/icy-block.ts'
import { accessRequestOf, type Refusal, type StreamAccess } from './stream-access.ts'
import { queryOf } from './stream-query.ts'
import { isAnsweredByPrefix, respondWithHead, respondWithStream } from './stream-response.ts'

const US_PER_MS = 1000

/** Responds to GET and HEAD with a stream. @throws BadRequest */
export type StreamResponder = (request: RequestHead, socket: Socket, stream: ServedStream) => Promise<void>

/** @param delegate gets requests for a page or a WebSocket at the path of a stream */
export function createStreamResponder(
  deliveryOf: DeliveryOf,
  visits: Visits,
  access: StreamAccess,
  delegate: Delegate,
  clock: Clock,
): StreamResponder {
  const closeQueue = createCloseQueue()
  const blocksOf = createBlocksOf()
  return async (request, socket, stream) => {
    const { ingest, about, delivery: policy } = stream.plan
    const samples = samplesOf(stream)
    const query = queryOf(request, { samples, contentType: stream.contentType })
    const isPage = query.page || query.low
    // Pages ask for themselves.
    if (isPage && !stream.isFinished && (await delegate({ request, socket, isStream: true }))) return
    const { frame, agoMs, burstMs, wav: forPlayer } = query
    const start = { frame, agoMs, burstMs, forPlayer }
    if (isBeyond(stream, start) && (await delegate({ request, socket, isStream: true }))) return
    const prefix = query.wav && samples !== undefined ? endlessWavHeader(samples.format) : undefined
    const purpose = request.method === 'HEAD' || isAnsweredByPrefix(request, prefix) ? 'probe' : 'listen'
    const asked = access.ask(stream, purpose, () => accessRequestOf(request, socket))
    const verdict = asked instanceof Promise ? await asked : asked
    if (verdict !== undefined && 'status' in verdict) return refuse(request, socket, verdict, clock)
    if (socket.destroyed) return verdict?.leave()
    setUser(socket, verdict?.user)
    const delivery = deliveryOf(stream)
    const options = {
      prefix,
      contentType: query.wav ? 'audio/wav' : delivery.typeAt(start),
      likelyType: typeByName(request.path) ?? ingest.likelyType,
      start,
      clientTimeoutMs: policy.clientTimeoutMs,
      blockOf: blocksOf(about),
      closeQueue,
    }
    if (request.method === 'HEAD') respondWithHead(request, socket, stream, delivery, options, clock)
    else respondWithStream(request, socket, stream, delivery, options, { permission: verdict, visits }, clock)
  }
}

/** Whether only the main thread has the frames that a listener requests. */
function isBeyond({ ring, joinFrom, past, plan }: ServedStream, { frame, agoMs, burstMs }: Start): boolean {
  if (past !== undefined) return false
  if (agoMs !== undefined || (frame !== undefined && frame < Math.max(ring.first, joinFrom))) return true
  return burstMs !== undefined && plan.rewind.ms > 0 && burstMs > ring.us / US_PER_MS
}

function refuse({ method, version }: RequestHead, socket: Socket, refusal: Refusal, clock: Clock): void {
  const { status, line, fields } = refusal
  answerAndClose(socket, textAnswer(status, line, { version, headOnly: method === 'HEAD', fields }), clock)
}

/** Returns a function that makes the blocks of titles for a stream, and shares them among its listeners. */
function createBlocksOf(): (about: About) => BlockOf {
  const known = new WeakMap<About, BlockOf>()
  return (about) => {
    const blockOf = known.get(about) ?? createBlocks(about.url)
    known.set(about, blockOf)
    return blockOf
  }
}
