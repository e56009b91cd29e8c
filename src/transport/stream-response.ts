import type { Socket } from 'node:net'
import type { Delivery } from '../delivery/delivery.ts'
import type { Start } from '../delivery/start.ts'
import { type Permission, Visit } from '../delivery/visit.ts'
import type { Visits } from '../delivery/visits.ts'
import type { ServedStream } from '../stream/served-stream.ts'
import type { Clock } from '../system/clock.ts'
import { clientOf } from './client.ts'
import type { CloseQueue } from './close-queue.ts'
import { answerAndClose } from './http/answer-and-close.ts'
import { HeadSink } from './http/head-sink.ts'
import { HttpSink, type HttpSinkOptions } from './http/http-sink.ts'
import { answerRange, type RangeAnswer } from './http/range.ts'
import type { RequestHead } from './http/request-head.ts'
import { type AnswerOptions, streamHead, textAnswer } from './http/response-head.ts'
import type { BlockOf } from './icy/icy-block.ts'
import { asksForTitles, icyFields } from './icy/icy-fields.ts'
import { IcySink } from './icy/icy-sink.ts'

/** Options of a stream response. */
export interface StreamResponseOptions {
  /** Header of the format, before the stream's bytes. */
  readonly prefix: Buffer | undefined
  /** Replaces the stream's own media type. */
  readonly contentType: string | undefined
  /** The media type to announce when the stream's own stays unknown; undefined: none. */
  readonly likelyType: string | undefined
  readonly start: Start
  readonly clientTimeoutMs: number
  /** Makes the blocks of titles between the bytes. */
  readonly blockOf: BlockOf
  readonly closeQueue: CloseQueue
}

const NOTHING = Buffer.alloc(0)
const WHOLE: RangeAnswer = { kind: 'all' }
/**
 * Maximum time that a head waits for the format of the source, in milliseconds: with a likely media type, and without one.
 * Players trust the type that they get, and many devices refuse a type that does not begin with `audio/`.
 */
const LIKELY_AFTER_MS = 2_000
const UNTYPED_AFTER_MS = 10_000
/** Time in which a source that was refused before may be opened for a new listener, in milliseconds. */
const REFUSED_AFTER_MS = 250
/** Time after which a client may request a refused source again, in seconds: it is not opened more often. */
const RETRY = { 'Retry-After': '10' }

/** Answers HEAD with the head that GET would get. Opens the source when that is the only way to find its type. */
export function respondWithHead(
  request: RequestHead,
  socket: Socket,
  stream: ServedStream,
  delivery: Delivery,
  options: StreamResponseOptions,
  clock: Clock,
): void {
  const { version } = request
  const head = () => {
    const utf8Fields = icyFields(stream.plan.about, stream.ring, asksForTitles(request))
    return streamHead(typeOf(stream, options), { version, utf8Fields })
  }
  if (isTypeKnown(stream, options)) return answerAndClose(socket, head(), clock)
  const refusal = (why: string) => refusalOf(why, { version, headOnly: true })
  const sink = new HeadSink(socket, { head, refusal, waitMs: waitMsOf(options) }, clock)
  const listener = delivery.join(sink)
  refuseSoon(stream, clock, (why) => delivery.refuse(listener, why))
}

function isTypeKnown(stream: ServedStream, { contentType }: StreamResponseOptions): boolean {
  return contentType !== undefined || stream.contentType !== undefined
}

function typeOf(stream: ServedStream, { contentType, likelyType }: StreamResponseOptions): string | undefined {
  return contentType ?? stream.contentType ?? likelyType
}

function waitMsOf({ likelyType }: StreamResponseOptions): number {
  return likelyType === undefined ? UNTYPED_AFTER_MS : LIKELY_AFTER_MS
}

function refusalOf(why: string, options: AnswerOptions): Buffer {
  return textAnswer(503, `this stream cannot be played now: ${why}`, { ...options, fields: RETRY })
}

/** Refuses a new listener soon when the source is refused: the source itself waits longer before it is opened again. */
function refuseSoon(stream: ServedStream, clock: Clock, refuse: (why: string) => void): (() => void) | undefined {
  if (stream.refusal === undefined) return undefined
  return clock.after(REFUSED_AFTER_MS, () => {
    if (stream.refusal !== undefined) refuse(stream.refusal)
  })
}

/**
 * Whether a request is answered by the header of the format alone: such a probe is not a listener, and opens no source.
 * @param prefix header of the format; undefined: none
 */
export function isAnsweredByPrefix(request: RequestHead, prefix: Buffer | undefined): boolean {
  if (prefix === undefined) return false
  const range = rangeOf(request)
  return range.kind === 'probe' && prefix.length >= range.bytes
}

/** iOS does not accept titles after a 206, and a probe of the stream is too short for any. */
function rangeOf(request: RequestHead): RangeAnswer {
  return asksForTitles(request) ? WHOLE : answerRange(request.headers.get('range'))
}

/** Adds a connection as a listener. The head is sent at once if the type is known, otherwise with the first frame. */
export function respondWithStream(
  request: RequestHead,
  socket: Socket,
  stream: ServedStream,
  delivery: Delivery,
  options: StreamResponseOptions,
  { permission, visits }: { readonly permission: Permission | undefined; readonly visits: Visits },
  clock: Clock,
): void {
  const { version } = request
  const { name: client, address, proxy } = clientOf(request, socket)
  const agent = request.headers.get('user-agent')
  const titled = asksForTitles(request)
  const range = rangeOf(request)
  const visit = new StreamVisit(stream, { client, address, proxy, agent }, permission, visits, clock)
  const sinkOptions: HttpSinkOptions = {
    head: () => {
      const utf8Fields = icyFields(stream.plan.about, stream.ring, titled)
      return streamHead(typeOf(stream, options), { version, range, utf8Fields })
    },
    refusal: (why) => refusalOf(why, { version }),
    prefix: options.prefix ?? NOTHING,
    bodyBytes: range.kind === 'probe' ? range.bytes : undefined,
    timeoutMs: options.clientTimeoutMs,
    closeQueue: options.closeQueue,
    clock,
    closed: visit.closed,
  }
  const sink = titled ? new IcySink(socket, sinkOptions, stream, options.blockOf) : new HttpSink(socket, sinkOptions)
  // The head is sent with the burst, in one write, or alone when there is no burst yet.
  if (!isAnsweredByPrefix(request, options.prefix)) visit.listener = delivery.join(sink, options.start)
  const { listener } = visit
  // A listener behind the head has frames of before.
  const mayBeRefused = listener !== undefined && !delivery.isRewound(listener)
  visit.cancelRefusal = mayBeRefused ? refuseSoon(stream, clock, (why) => delivery.refuse(listener, why)) : undefined
  if (visit.cancelRefusal === undefined && isTypeKnown(stream, options)) sink.begin()
  else visit.cancelHead = clock.after(waitMsOf(options), () => sink.begin())
}

/** A visit, and the timers that run before its first frame. */
class StreamVisit extends Visit {
  cancelHead: (() => void) | undefined
  cancelRefusal: (() => void) | undefined

  override moved(to: ServedStream): void {
    // The refusal is that of the stream of before.
    this.cancelRefusal?.()
    super.moved(to)
  }

  /** A function of its own, because the scope of one made with the response would keep the request in memory. */
  readonly closed = (): void => {
    this.cancelHead?.()
    this.cancelRefusal?.()
    this.ended('byte limit')
  }
}
