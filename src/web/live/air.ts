import { CLOSE, type LiveHello, type LiveMessage } from '../../pages/live-messages.ts'
import { createGrowingPauses } from '../shared/growing-pauses.ts'

/** The way of a microphone's sound to the server, which comes back by itself. */
export interface Air {
  /** Sends samples, or drops them when they would not be there in time. */
  send(samples: Int16Array<ArrayBuffer>): void
  close(): void
}

/** What becomes of it. */
export interface AirEvents {
  /** Listeners hear what is sent; told once a second. */
  heard(listeners: number): void
  /** The connection is lost, and is tried again after pauses that grow. */
  away(): void
  /** The server does not want it: nothing is tried any more. @param code one of CLOSE */
  refused(code: number): void
}

/** A server, or a network, that is silent for so long is gone. The server speaks every second. In milliseconds. */
const SILENCE_MS = 5_000
/** A wrong token is answered after a while. */
const ANSWER_WITHIN_MS = 15_000
/** Sound that the connection has not taken, in bytes: half a second. What comes on top is dropped. */
const MAX_UNSENT_BYTES = 48_000

/** With these it is of no use to come back. */
const FINAL = new Set<number>([
  CLOSE.wrongToken,
  CLOSE.somebodyElse,
  CLOSE.pathTaken,
  CLOSE.replaced,
  CLOSE.notUnderstood,
])

export function openAir(address: URL, hello: LiveHello, events: AirEvents): Air {
  const pauses = createGrowingPauses()
  let socket: WebSocket | undefined
  let isOnAir = false
  let timer: ReturnType<typeof setTimeout>

  const wait = (ms: number, then: () => void) => {
    clearTimeout(timer)
    timer = setTimeout(then, ms)
  }
  const drop = () => {
    const last = socket
    socket = undefined
    isOnAir = false
    last?.close()
  }
  const lose = () => {
    drop()
    wait(pauses.next(), connect)
    events.away()
  }
  const close = () => {
    window.removeEventListener('online', tryNow)
    clearTimeout(timer)
    drop()
  }
  const closed = (code: number) => {
    if (!FINAL.has(code)) return lose()
    close()
    events.refused(code)
  }
  const take = (message: LiveMessage) => {
    isOnAir = true
    pauses.reset()
    wait(SILENCE_MS, lose)
    events.heard(message.listeners)
  }

  /** Of a WebSocket that is none of ours any more nothing is heard. */
  function connect(): void {
    const made = new WebSocket(address)
    socket = made
    const isOurs = () => made === socket
    made.addEventListener('open', () => isOurs() && made.send(JSON.stringify(hello)))
    made.addEventListener(
      'message',
      ({ data }: MessageEvent<string>) => isOurs() && take(JSON.parse(data) as LiveMessage),
    )
    made.addEventListener('close', ({ code }) => isOurs() && closed(code))
    wait(ANSWER_WITHIN_MS, lose)
  }
  function tryNow(): void {
    if (socket === undefined) connect()
  }

  window.addEventListener('online', tryNow)
  connect()
  return {
    send(samples) {
      if (isOnAir && socket !== undefined && socket.bufferedAmount < MAX_UNSENT_BYTES) socket.send(samples)
    },
    close,
  }
}
