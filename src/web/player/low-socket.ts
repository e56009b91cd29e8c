import type { LowFormat } from '../../pages/low-messages.ts'
import { encodePath } from '../../stream/encode-path.ts'
import { urlAt } from '../shared/url-at.ts'

/** Samples on their way from the server. */
export interface LowSocket {
  /** How long samples wait on their way, in milliseconds, as far as that can be known. */
  readonly waitMs: number
  close(): void
}

/** Who gets them. Nothing comes after `lost` or `close`. */
export interface LowSocketEvents {
  format(format: LowFormat): void
  samples(bytes: ArrayBuffer): void
  /** The connection is closed, or nothing comes through it. */
  lost(): void
}

/** How often the server is asked whether it is there. */
const ASK_EVERY_MS = 1_000
/** A server, or a network, that has not answered for so long is gone: a dead connection may take minutes to close. */
const SILENCE_MS = 5_000

/** @param stream its path, not encoded */
export function openLowSocket(stream: string, events: LowSocketEvents): LowSocket {
  const socket = new WebSocket(addressOf(stream))
  socket.binaryType = 'arraybuffer'
  /** Since when an answer is waited for. */
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

  /** The answer comes behind all samples that were sent before it. Half of the quickest way there and back is the way there. */
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
