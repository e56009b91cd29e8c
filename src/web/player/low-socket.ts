import type { LowFormat } from '../../endpoints/low/low-messages.ts'
import { encodePath } from '../../stream/encode-path.ts'
import { urlAt } from '../shared/url-at.ts'

/** A connection that receives samples from the server. */
export interface LowSocket {
  /** Queueing delay of samples between server and page, in milliseconds, as far as it can be measured. */
  readonly waitMs: number
  close(): void
}

/** Callbacks of a connection. None is called after `lost` or `close`. */
export interface LowSocketEvents {
  format(format: LowFormat): void
  samples(bytes: ArrayBuffer): void
  /** The connection is closed or silent. */
  lost(): void
}

/** Ping interval, in milliseconds. */
const ASK_EVERY_MS = 1_000
/** Ping timeout, in milliseconds, after which the connection counts as lost: a dead one may take minutes to close. */
const SILENCE_MS = 5_000

/** @param stream its path, not encoded */
export function openLowSocket(stream: string, events: LowSocketEvents): LowSocket {
  const socket = new WebSocket(addressOf(stream))
  socket.binaryType = 'arraybuffer'
  /** When the pending ping was sent. */
  let askedAt: number | undefined
  let heardAt = performance.now()
  let quickestMs = Number.POSITIVE_INFINITY
  let waitMs = 0
  const timer = setInterval(ask, ASK_EVERY_MS)
  let isOver = false

  const stop = () => {
    isOver = true
    clearInterval(timer)
    socket.close()
  }
  const lose = () => {
    if (isOver) return
    stop()
    events.lost()
  }

  function ask(): void {
    const now = performance.now()
    if (now - (askedAt ?? heardAt) > SILENCE_MS) return lose()
    if (askedAt !== undefined || socket.readyState !== WebSocket.OPEN) return
    askedAt = now
    socket.send('?')
  }

  /** The answer follows all samples sent before it. The one-way latency is half of the shortest round trip. */
  function answered(): void {
    heardAt = performance.now()
    const tripMs = heardAt - (askedAt ?? heardAt)
    askedAt = undefined
    quickestMs = Math.min(quickestMs, tripMs)
    waitMs = tripMs - quickestMs / 2
  }

  socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
    if (isOver) return
    if (typeof data !== 'string') events.samples(data)
    else if (data === '?') answered()
    else events.format(JSON.parse(data) as LowFormat)
  })
  socket.addEventListener('close', lose)
  return {
    get waitMs() {
      return waitMs
    },
    close: stop,
  }
}

function addressOf(stream: string): URL {
  const url = new URL(urlAt(`${encodePath(stream.slice(1))}?low`))
  url.protocol = url.protocol.replace('http', 'ws')
  return url
}
