import { CLOSE, type LiveHello, type LiveMessage } from '../../endpoints/live/live-messages.ts'
import { createGrowingPauses } from '../shared/growing-pauses.ts'

/** A connection that sends a microphone's sound to the server, and reconnects by itself. */
export interface Air {
  /** Sends samples, or drops them when they would be late. */
  send(samples: Int16Array<ArrayBuffer>): void
  close(): void
}

/** Events of the connection. */
export interface AirEvents {
  /** Listeners receive the sound; called once a second. */
  heard(listeners: number): void
  /** The connection is lost, and is retried after growing pauses. */
  away(): void
  /** The server refuses the broadcast: no more retries. @param code one of CLOSE */
  refused(code: number): void
}

/** Silence after which the connection counts as lost, in milliseconds. The server sends a message every second. */
const SILENCE_MS = 5_000
/** Timeout of the first answer, in milliseconds: the server delays the answer to a wrong token. */
const ANSWER_WITHIN_MS = 15_000
/** Maximum unsent sound, in bytes: half a second. More is dropped. */
const MAX_UNSENT_BYTES = 48_000

/** Close codes after which reconnecting is useless. */
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

  /** Events of a replaced WebSocket are ignored. */
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
