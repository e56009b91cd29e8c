import { LevelMeters } from '../level/level-meters.ts'
import type { Clock } from '../system/clock.ts'
import type { Streams } from './server.ts'

/** Makes the meters, which measure the streams with hooks of silence, and for the feed all, whenever their sources are open. */
export function openLevels({ events, feed, registry }: Streams, clock: Clock): LevelMeters {
  const levels = new LevelMeters(clock, () => feed.isWatched)
  events.subscribe(({ stream, event }) => {
    if (event.kind === 'source opened') levels.measureForHooks(stream)
    else if (event.kind === 'source on air') levels.measureForSubscribers(stream)
  })
  feed.onWatched(() => {
    for (const stream of registry.streams()) levels.measureForSubscribers(stream)
  })
  return levels
}
