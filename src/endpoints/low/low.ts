import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { PcmFormat } from '../../../filters/pcm-format.ts'
import type { DeliveryOf } from '../../delivery/deliveries.ts'
import type { CloseReason } from '../../delivery/listener.ts'
import { Visit } from '../../delivery/visit.ts'
import type { ServedStream } from '../../stream/served-stream.ts'
import type { Clock } from '../../system/clock.ts'
import type { Streams } from '../../transport/routes.ts'
import { createHandshake, refuseHandshake } from '../../websocket/handshake.ts'
import { startHeartbeat } from '../../websocket/heartbeat.ts'
import { WebSocketSink } from '../../websocket/websocket-sink.ts'
import type { Asked, Page } from '../page.ts'
import { formatOf, mayHaveSamples } from './low-format.ts'
import { answerProbes } from './low-probes.ts'

/** Dependencies and settings of streams with low delay. */
export interface LowSettings {
  readonly station: Streams
  readonly deliveryOf: DeliveryOf
  /** Returns the current sample format of raw streams. */
  readonly samples: () => PcmFormat | undefined
  /** Write timeout, in milliseconds, after which a listener is disconnected; 0 disables it. */
  readonly clientTimeoutMs: () => number
}

/** Distance from the newest frame to a listener's start, in milliseconds: enough to play at once. */
const BURST_MS = 100
/** Maximum message of a listener, in bytes. Listeners send only short probes. */
const MAX_MESSAGE_BYTES = 1024
const MAX_FRAGMENTS = 4
const CLOSE_WITHIN_MS = 2_000

const ONLY_SAMPLES = '?low needs a stream of samples in a known format: -pcm, or WAV'

const NORMAL_CLOSURE = 1000
/** Codes and reasons of close frames (RFC 6455, section 7.4). After 1001 and 1012, reconnecting makes sense. */
const FAREWELLS: Readonly<Partial<Record<CloseReason, readonly [number, string]>>> = {
  'shutting down': [1001, 'the server is shutting down'],
  'source refused': [1013, 'the source cannot be played'],
  'format changed': [1012, 'the format has changed'],
}

/** Sends samples over a WebSocket, at the path of their stream with `?low`, as soon as they arrive. */
export function createLowPage(settings: LowSettings, clock: Clock): Page {
  const shake = createHandshake({
    maxMessageBytes: MAX_MESSAGE_BYTES,
    maxFragments: MAX_FRAGMENTS,
    closeWithinMs: CLOSE_WITHIN_MS,
  })
  async function open(asked: Asked, socket: Duplex, head: Buffer): Promise<void> {
    const stream = await settings.station.find(asked.path)
    if (stream === undefined) return refuseHandshake(socket, 404, 'there is no stream at this path')
    if (!mayHaveSamples(stream, settings.samples())) return refuseHandshake(socket, 400, ONLY_SAMPLES)
    shake(asked, socket, head, (opened) => serve(opened, asked, socket, stream, settings, clock))
  }

  return {
    owns: () => true,
    answer(_, response) {
      response.writeHead(400, { 'Content-Type': 'text/plain; charset=utf-8' })
      response.end('this path needs a WebSocket\n')
    },
    upgrade(asked, socket, head) {
      open(asked, socket, head).catch(() => socket.destroy())
    },
  }
}

function serve(
  opened: WebSocket,
  asked: Asked,
  socket: Duplex,
  stream: ServedStream,
  settings: LowSettings,
  clock: Clock,
): void {
  const { client } = asked
  const agent = asked.message.headers['user-agent']
  const visit = new Visit(stream, { client, agent, over: 'WebSocket' }, clock)
  const pulse = startHeartbeat(opened, clock, () => opened.terminate())
  const closed = () => {
    pulse.stop()
    visit.ended('disconnected')
  }
  const sink = new WebSocketSink(
    opened,
    socket,
    {
      greet: (before) => {
        const format = formatOf(stream, settings.samples(), before)
        return format && JSON.stringify(format)
      },
      timeoutMs: settings.clientTimeoutMs(),
      farewell: () => farewellOf(visit.listener?.ending),
      closed,
    },
    clock,
  )
  opened.on('pong', (payload: Buffer) => pulse.answer(payload))
  answerProbes(opened, clock)
  visit.listener = settings.deliveryOf(stream).join(sink, { burstMs: BURST_MS })
}

function farewellOf(reason: CloseReason = 'disconnected'): readonly [code: number, reason: string] {
  return FAREWELLS[reason] ?? [NORMAL_CLOSURE, reason]
}
