import type { Socket } from 'node:net'
import type { Clock } from '../clock.ts'
import type { Delivery, Start } from '../delivery/delivery.ts'
import type { Listener } from '../delivery/listener.ts'
import type { ServedStream } from '../stream/served-stream.ts'
import { type Client, clientOf } from './client.ts'
import { HttpSink, type HttpSinkOptions } from './http-sink.ts'
import type { BlockOf } from './icy-block.ts'
import { type AboutStation, asksForTitles, icyFields } from './icy-fields.ts'
import { IcySink } from './icy-sink.ts'
import { answerRange, type RangeAnswer } from './range.ts'
import type { RequestHead } from './request-head.ts'
import { streamHead } from './response-head.ts'
import type { WayOut } from './way-out.ts'

/** How a stream is put on a connection. */
export interface StreamAnswerOptions {
  /** A header of the format that goes before the stream's bytes. */
  readonly prefix: Buffer | undefined
  /** Replaces the stream's own media type. */
  readonly contentType: string | undefined
  readonly start: Start
  readonly clientTimeoutMs: number
  readonly about: AboutStation
  /** What titles look like between the bytes. */
  readonly blockOf: BlockOf
  readonly wayOut: WayOut
}

const NOTHING = Buffer.alloc(0)
const WHOLE: RangeAnswer = { kind: 'all' }
const UNKNOWN_TYPE = 'application/octet-stream'
/** The head waits so long for the source to show what it is, in milliseconds; players trust the type they are told. */
const HEAD_AFTER_MS = 2_000

/** The head of the answer that a stream would get, for HEAD. */
export function headAlone(
  request: RequestHead,
  stream: ServedStream,
  contentType: string | undefined,
  about: AboutStation,
): Buffer {
  const utf8Fields = icyFields(about, stream.ring, asksForTitles(request))
  return streamHead(contentType ?? stream.contentType ?? UNKNOWN_TYPE, { version: request.version, utf8Fields })
}

/** Makes a listener of a connection. The head goes out at once if the type is known, otherwise with the first frame. */
export function answerWithStream(
  request: RequestHead,
  socket: Socket,
  stream: ServedStream,
  delivery: Delivery,
  options: StreamAnswerOptions,
  clock: Clock,
): void {
  const client = clientOf(request, socket)
  const titled = asksForTitles(request)
  // iOS takes no titles after a 206, and a piece of the stream has no place for any.
  const range = titled ? WHOLE : answerRange(request.headers.get('range'))
  const visit = createVisit(stream, client.name, clock)
  const sinkOptions: HttpSinkOptions = {
    head: () => {
      const contentType = options.contentType ?? stream.contentType ?? UNKNOWN_TYPE
      const utf8Fields = icyFields(options.about, stream.ring, titled)
      return streamHead(contentType, { version: request.version, range, utf8Fields })
    },
    prefix: options.prefix ?? NOTHING,
    bodyBytes: range.kind === 'probe' ? range.bytes : undefined,
    timeoutMs: options.clientTimeoutMs,
    wayOut: options.wayOut,
    clock,
    closed: visit.ended,
  }
  const sink = titled ? new IcySink(socket, sinkOptions, stream, options.blockOf) : new HttpSink(socket, sinkOptions)
  logJoin(stream, client, request.headers.get('user-agent'))
  // The burst takes the head with it, in one write. Where there is none yet, the head goes alone. Who probes the header of the
  // format only is no listener: no source is opened for that.
  const hasAllInPrefix = range.kind === 'probe' && sinkOptions.prefix.length >= range.bytes
  if (!hasAllInPrefix) visit.listener = delivery.join(sink, options.start)
  if (options.contentType !== undefined || stream.contentType !== undefined) sink.begin()
  else visit.cancelHead = clock.after(HEAD_AFTER_MS, () => sink.begin())
}

function logJoin({ log }: ServedStream, { name: client, proxy }: Client, agent: string | undefined): void {
  log.info('listener came', { client, ...(proxy !== undefined && { proxy }), agent })
}

/** What the log says when a listener leaves. */
interface Visit {
  listener: Listener | undefined
  cancelHead: (() => void) | undefined
  readonly ended: () => void
}

// A function of its own, for what it keeps lives as long as the listener does: the request must not be among it.
function createVisit(stream: ServedStream, client: string, clock: Clock): Visit {
  const cameAt = clock.now()
  const visit: Visit = {
    listener: undefined,
    cancelHead: undefined,
    ended: () => {
      visit.cancelHead?.()
      stream.log.info('listener left', {
        client,
        time: `${((clock.now() - cameAt) / 1000).toFixed(1)}s`,
        bytes: visit.listener?.bytesSent ?? 0,
        frames: visit.listener?.framesSent ?? 0,
        skipped: visit.listener?.framesSkipped ?? 0,
        why: visit.listener?.ending ?? 'got its bytes',
      })
    },
  }
  return visit
}
