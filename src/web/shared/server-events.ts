import { createGrowingPauses } from './growing-pauses.ts'

/** What the server tells over Server-Sent Events, whatever becomes of the connection. */
export interface ServerEvents {
  /** Tries again at once, if it is waiting. */
  tryNow(): void
  close(): void
}

export interface ServerEventsOptions<News> {
  /** Each event of the type `message`: its data is JSON. */
  readonly news: (news: News) => void
  /** The connection is lost, or nothing has come for too long; called once until news come again. */
  readonly lost: () => void
  /** A server that says nothing for so long is gone, in milliseconds. It should say something three times as often. */
  readonly silenceMs: number
}

/** Follows the events at an address, and comes back to them by itself after pauses that grow. */
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
