import type { ServerResponse } from 'node:http'
import type { Logger } from '@logtape/logtape'
import type { Clock } from '../clock.ts'
import { beginEvents, eventOf, sendEvent } from './event-stream.ts'

/** Between two pieces of news, in milliseconds: longer when many look, so that telling them takes a few percent of the time. */
const EVERY_MS = 1_000
const MOST_MS = 3_000
const EACH_MS = 0.5

/** All who have the player of some stream open. */
export interface Audiences {
  /** Somebody more looks at a stream, until the connection closes. */
  add(path: string, response: ServerResponse): void
}

/** @param newsOf what is to be told of the stream at a path; it is asked once for all who look. */
export function createAudiences(newsOf: (path: string) => Promise<unknown>, clock: Clock, log: Logger): Audiences {
  const known = new Map<string, Set<ServerResponse>>()
  let size = 0

  const pauseMs = () => Math.min(MOST_MS, Math.max(EVERY_MS, size * EACH_MS))
  const keepTelling = async (path: string, audience: Set<ServerResponse>) => {
    if (audience.size === 0) return
    await tell(path, audience)
    clock.after(pauseMs(), () => void keepTelling(path, audience))
  }
  const tell = async (path: string, to: Iterable<ServerResponse>) => {
    try {
      const event = eventOf(await newsOf(path))
      for (const response of to) sendEvent(response, event)
    } catch (error) {
      // Their pages ask again.
      log.error('nothing can be told of a stream', { path, error: String(error) })
      for (const response of to) response.destroy()
    }
  }
  return {
    add(path, response) {
      const audience = known.get(path) ?? new Set()
      beginEvents(response)
      response.on('close', () => {
        size--
        audience.delete(response)
        if (audience.size === 0) known.delete(path)
      })
      size++
      audience.add(response)
      known.set(path, audience)
      void (audience.size > 1 ? tell(path, [response]) : keepTelling(path, audience))
    },
  }
}
