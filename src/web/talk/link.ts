import { MAX_UNSENT_BYTES } from '../../talk/limits.ts'
import { CLOSE, type ClientMessage, type ServerMessage } from '../../talk/protocol.ts'
import { createTrips } from '../../talk/trips.ts'
import { createGrowingPauses } from '../shared/growing-pauses.ts'

/** The way to the server, which comes back by itself. */
export interface Link {
  /** What is said while there is no connection is gone. */
  say(message: ClientMessage): void
  /** Sends sound, or drops it when it would not be there in time. */
  send(sound: Uint8Array<ArrayBuffer>): void
  /** How long a message took last to the server and back, in milliseconds. */
  readonly roundTripMs: number | undefined
  close(): void
}

export interface LinkEvents {
  /** There is a connection: now say hello. */
  opened(): void
  message(message: ServerMessage): void
  sound(bytes: ArrayBuffer): void
  /** There is none any more, and it is tried again after pauses that grow. @param isFull the server has no room */
  lost(isFull: boolean): void
}

/** How often the server is asked whether it is there while nothing is sent. */
const ASK_EVERY_MS = 1_000
/** A server, or a network, that is silent for so long is gone. A dead connection may take minutes to close. */
const SILENCE_MS = 5_000

/** Connects to a WebSocket at `address`, and again whenever the connection is lost. */
export function openLink(address: string | URL, events: LinkEvents): Link {
  const pauses = createGrowingPauses()
  let trips = createTrips()
  let socket: WebSocket | undefined
  let timer: ReturnType<typeof setTimeout>
  /** Connections that have gone silent. Closed from here they would give our place away; the server closes them when we are back. */
  const silent = new Set<WebSocket>()

  const wait = (ms: number, then: () => void) => {
    clearTimeout(timer)
    timer = setTimeout(then, ms)
  }
  const connect = () => {
    trips = createTrips()
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

  /** Of a WebSocket that is none of ours any more nothing is heard. */
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
