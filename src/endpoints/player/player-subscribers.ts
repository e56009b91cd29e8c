import type { ServerResponse } from 'node:http'
import type { Logger } from '@logtape/logtape'
import { FairShare } from '../../access/fair-share.ts'
import type { Clock } from '../../system/clock.ts'
import { beginEvents, eventOf, refuseEvents, sendEvent } from '../event-stream.ts'

/** Interval of the events, in milliseconds: longer with many clients, so that sending takes a few percent of the time. */
const EVERY_MS = 1_000
const MOST_MS = 3_000
const EACH_MS = 0.5
/** Maximum number of event streams: writing to all of them takes some 50 ms. */
const MOST_STREAMS = 10_000
/** Number of event streams that an address may have in a full pool when another address has more. */
const RESERVED = 8

/** Event streams of the players that are open, for all streams. */
export interface PlayerSubscribers {
  /** Sends news of a stream until the connection closes. @param network address under which the client is counted */
  add(path: string, network: string, response: ServerResponse): void
}

/** @param newsOf returns the news of the stream at a path; called once for all its event streams. */
export function createPlayerSubscribers(
  newsOf: (path: string) => Promise<unknown>,
  clock: Clock,
  log: Logger,
): PlayerSubscribers {
  const known = new Map<string, Set<ServerResponse>>()
  const pool = new FairShare({ places: MOST_STREAMS, reserved: RESERVED, giveUp }, clock)

  const pauseMs = () => Math.min(MOST_MS, Math.max(EVERY_MS, pool.size * EACH_MS))
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
      // Their pages reconnect.
      log.error('player update failed', { path, error: String(error) })
      for (const response of to) response.destroy()
    }
  }
  return {
    add(path, network, response) {
      const place = pool.enter(network, response, true)
      if (place === undefined) return refuseEvents(response, 'there are too many event streams already')
      const audience = known.get(path) ?? new Set()
      beginEvents(response)
      response.on('close', () => {
        pool.leave(place)
        audience.delete(response)
        if (audience.size === 0) known.delete(path)
      })
      audience.add(response)
      known.set(path, audience)
      void (audience.size > 1 ? tell(path, [response]) : keepTelling(path, audience))
    },
  }
}

function giveUp(response: ServerResponse): void {
  response.end()
}
