import { createGrowingPauses } from './growing-pauses.ts'

/** Subscription to the server's Server-Sent Events that reconnects by itself. */
export interface ServerEvents {
  /** Reconnects at once, if it is waiting. */
  tryNow(): void
  close(): void
}

export interface ServerEventsOptions<News> {
  /** Called with the parsed JSON of each event of the type `message`. */
  readonly news: (news: News) => void
  /** Called once when the connection is lost or silent for too long, until the next event is received. */
  readonly lost: () => void
  /** Silence after which the connection counts as lost, in milliseconds: at least three times the server's interval. */
  readonly silenceMs: number
}

/** Receives the events at an address; reconnects after growing pauses. */
export function followServer<News>(url: string, options: ServerEventsOptions<News>): ServerEvents {
  const pauses = createGrowingPauses()
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout>
  let isLost = false

  const wait = (ms: number, then: () => void) => {
    clearTimeout(timer)
    timer = setTimeout(then, ms)
  }
  const giveUp = () => {
    source?.close()
    source = undefined
    wait(pauses.next(), open)
    if (!isLost) options.lost()
    isLost = true
  }
  const open = () => {
    source?.close()
    source = new EventSource(url)
    source.addEventListener('error', giveUp)
    source.addEventListener('message', ({ data }: MessageEvent<string>) => {
      pauses.reset()
      isLost = false
      wait(options.silenceMs, giveUp)
      options.news(JSON.parse(data) as News)
    })
    wait(options.silenceMs, giveUp)
  }
  const tryNow = () => {
    if (source === undefined) open()
  }
  const look = () => {
    if (!document.hidden) tryNow()
  }
  window.addEventListener('online', tryNow)
  document.addEventListener('visibilitychange', look)
  open()
  return {
    tryNow,
    close() {
      window.removeEventListener('online', tryNow)
      document.removeEventListener('visibilitychange', look)
      clearTimeout(timer)
      source?.close()
    },
  }
}
