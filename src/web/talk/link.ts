import { MAX_UNSENT_BYTES } from '../../talk/limits.ts'
import { CLOSE, type ClientMessage, type ServerMessage } from '../../talk/protocol.ts'
import { createRoundTrips } from '../../websocket/round-trips.ts'
import { createGrowingPauses } from '../shared/growing-pauses.ts'

/** A connection to the server that reconnects by itself. */
export interface Link {
  /** Sends a message; it is dropped while there is no connection. */
  say(message: ClientMessage): void
  /** Sends sound, or drops it when it would be late. */
  send(sound: Uint8Array<ArrayBuffer>): void
  /** The latest round trip to the server, in milliseconds. */
  readonly roundTripMs: number | undefined
  close(): void
}

export interface LinkEvents {
  /** The connection is open: send the hello. */
  opened(): void
  message(message: ServerMessage): void
  sound(bytes: ArrayBuffer): void
  /** The connection is lost, and is retried after growing pauses. @param isFull the server has no room */
  lost(isFull: boolean): void
}

/** Ping interval while nothing is sent, in milliseconds. */
const ASK_EVERY_MS = 1_000
/** Silence after which the connection counts as lost, in milliseconds. A dead one may take minutes to close. */
const SILENCE_MS = 5_000

/** Connects to a WebSocket at `address`, and again whenever the connection is lost. */
export function openLink(address: string | URL, events: LinkEvents): Link {
  const pauses = createGrowingPauses()
  let trips = createRoundTrips()
  let socket: WebSocket | undefined
  let timer: ReturnType<typeof setTimeout>
  /** Connections that are silent. Closing them here would free our place; the server closes them when we reconnect. */
  const silent = new Set<WebSocket>()

  const wait = (ms: number, then: () => void) => {
    clearTimeout(timer)
    timer = setTimeout(then, ms)
  }
  const connect = () => {
    trips = createRoundTrips()
    socket = open(address, { opened, take, closed: lose })
    wait(SILENCE_MS, lose)
  }
  const tryNow = () => {
    if (socket === undefined) connect()
  }

  function lose(code?: number): void {
    if (socket?.readyState === WebSocket.OPEN) silent.add(socket)
    else socket?.close()
    socket = undefined
    wait(pauses.next(), connect)
    events.lost(code === CLOSE.full)
  }

  function opened(): void {
    events.opened()
    probe()
  }

  function take(data: string | ArrayBuffer): void {
    if (typeof data !== 'string') return events.sound(data)
    const message = JSON.parse(data) as ServerMessage
    if (message.type === 'probe') return void trips.arrive(message.id, performance.now())
    if (message.type === 'connected' || message.type === 'waiting') pauses.reset()
    events.message(message)
  }

  const say = (message: ClientMessage) => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
  }

  function probe(): void {
    const now = performance.now()
    if (trips.underWayMs(now) > SILENCE_MS) return lose()
    if (trips.isDue(now)) say({ type: 'probe', id: trips.leave(now) })
    wait(ASK_EVERY_MS, probe)
  }

  window.addEventListener('online', tryNow)
  connect()
  return {
    say,
    send(sound) {
      if (socket?.readyState !== WebSocket.OPEN || socket.bufferedAmount > MAX_UNSENT_BYTES) return
      if (trips.isLate(performance.now())) return
      socket.send(sound)
      if (trips.isDue(performance.now())) probe()
    },
    get roundTripMs() {
      return trips.lastMs
    },
    close() {
      window.removeEventListener('online', tryNow)
      clearTimeout(timer)
      if (socket !== undefined) silent.add(socket)
      socket = undefined
      for (const last of silent) last.close()
    },
  }

  /** Events of a replaced WebSocket are ignored. */
  function open(at: string | URL, on: Handlers): WebSocket {
    const made = new WebSocket(at)
    made.binaryType = 'arraybuffer'
    const isOurs = () => made === socket
    made.addEventListener('open', () => isOurs() && on.opened())
    made.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => isOurs() && on.take(data))
    made.addEventListener('close', ({ code }) => (isOurs() ? on.closed(code) : silent.delete(made)))
    return made
  }
}

interface Handlers {
  opened(): void
  take(data: string | ArrayBuffer): void
  closed(code: number): void
}
