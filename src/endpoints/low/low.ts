import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { PcmFormat } from '../../../filters/pcm-format.ts'
import type { DeliveryOf } from '../../delivery/deliveries.ts'
import type { CloseReason } from '../../delivery/listener.ts'
import { type Permission, Visit } from '../../delivery/visit.ts'
import type { Visits } from '../../delivery/visits.ts'
import type { ServedStream } from '../../stream/served-stream.ts'
import type { Clock } from '../../system/clock.ts'
import { setUser } from '../../transport/exchange.ts'
import type { Streams } from '../../transport/routes.ts'
import type { StreamAccess } from '../../transport/stream-access.ts'
import { CLOSE } from '../../websocket/close-codes.ts'
import { createHandshake, refuseHandshake, type WebSocketLimits } from '../../websocket/handshake.ts'
import { startHeartbeat } from '../../websocket/heartbeat.ts'
import { WebSocketSink } from '../../websocket/websocket-sink.ts'
import type { Page } from '../page.ts'
import { askFor } from '../page-access.ts'
import type { PageRequest } from '../page-request.ts'
import { formatOf, mayHaveSamples } from './low-format.ts'
import { answerProbes } from './low-probes.ts'

/** Dependencies and settings of streams with low delay. */
export interface LowSettings {
  readonly station: Streams
  readonly deliveryOf: DeliveryOf
  readonly visits: Visits
  readonly access: StreamAccess
}

/** Distance from the newest frame to a listener's start, in milliseconds: enough to play at once. */
const BURST_MS = 100
/** Limits of a listener's messages, which are only short probes. */
const LIMITS: WebSocketLimits = { maxMessageBytes: 1024, maxFragments: 4, closeWithinMs: 2_000 }

const ONLY_SAMPLES = '?low needs a stream of samples in a known format: -pcm, or WAV'

const NORMAL_CLOSURE = 1000
const TRY_AGAIN_LATER = 1013
/** Codes and reasons of close frames (RFC 6455, section 7.4). After 1001 and 1012, reconnecting makes sense. */
const CLOSE_FRAMES: Readonly<Partial<Record<CloseReason, readonly [number, string]>>> = {
  'shutting down': [CLOSE.shuttingDown, 'the server is shutting down'],
  'source refused': [TRY_AGAIN_LATER, 'the source cannot be played'],
  'format changed': [CLOSE.formatChanged, 'the format has changed'],
}

/** Sends samples over a WebSocket, at the path of their stream with `?low`, as soon as they arrive. */
export function createLowPage(settings: LowSettings, clock: Clock): Page {
  const handshake = createHandshake(LIMITS)
  async function open(request: PageRequest, socket: Duplex, head: Buffer): Promise<void> {
    const stream = await settings.station.find(request.path)
    if (stream === undefined) return refuseHandshake(socket, 404, 'there is no stream at this path')
    if (!mayHaveSamples(stream, samplesOf(stream))) return refuseHandshake(socket, 400, ONLY_SAMPLES)
    const verdict = await askFor(settings.access, stream, request.path, 'listen', request)
    if (verdict !== undefined && 'status' in verdict) {
      return refuseHandshake(socket, verdict.status, verdict.line, verdict.fields)
    }
    // A handshake may fail, and the client may be gone already.
    socket.once('close', () => verdict?.leave())
    if (socket.destroyed) return verdict?.leave()
    handshake(request, socket, head, (opened) => serve(opened, request, socket, stream, verdict, settings, clock))
  }

  return {
    owns: () => true,
    answer(_, response) {
      response.writeHead(400, { 'Content-Type': 'text/plain; charset=utf-8' })
      response.end('this path needs a WebSocket\n')
    },
    upgrade(request, socket, head) {
      open(request, socket, head).catch(() => socket.destroy())
    },
  }
}

function serve(
  opened: WebSocket,
  request: PageRequest,
  socket: Duplex,
  stream: ServedStream,
  permission: Permission | undefined,
  settings: LowSettings,
  clock: Clock,
): void {
  const { client, address } = request
  const agent = request.message.headers['user-agent']
  setUser(request.message.socket, permission?.user)
  const visit = new Visit(stream, { client, address, agent, over: 'WebSocket' }, permission, settings.visits, clock)
  const heartbeat = startHeartbeat(opened, clock, () => opened.terminate())
  const closed = () => {
    heartbeat.stop()
    visit.ended('disconnected')
  }
  const sink = new WebSocketSink(
    opened,
    socket,
    {
      firstMessage: (before) => {
        const format = formatOf(stream, samplesOf(stream), before)
        return format && JSON.stringify(format)
      },
      timeoutMs: stream.plan.delivery.clientTimeoutMs,
      closeFrame: () => closeFrameOf(visit.listener?.ending),
      closed,
    },
    clock,
  )
  opened.on('pong', (payload: Buffer) => heartbeat.pong(payload))
  answerProbes(opened, clock)
  visit.listener = settings.deliveryOf(stream).join(sink, { burstMs: BURST_MS })
}

function closeFrameOf(reason: CloseReason = 'disconnected'): readonly [code: number, reason: string] {
  return CLOSE_FRAMES[reason] ?? [NORMAL_CLOSURE, reason]
}

function samplesOf({ plan }: ServedStream): PcmFormat | undefined {
  return plan.ingest.samples?.format
}
