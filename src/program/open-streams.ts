import { EventLog } from '../events/event-log.ts'
import { Feed } from '../events/feed.ts'
import { reportEvents } from '../events/stream-changes.ts'
import { openHooks } from '../hooks/hooks.ts'
import type { ProgramPlan } from '../plan/program-plan.ts'
import { RingMemory } from '../ring/ring-memory.ts'
import { PathCounters } from '../station/path-counters.ts'
import { Registry } from '../station/station.ts'
import type { EventOfStream } from '../stream/stream-event.ts'
import type { BufferMemory } from '../system/buffer-memory.ts'
import { Emitter } from '../system/emitter.ts'
import type { Runtime } from '../system/runtime.ts'
import type { ServerHost } from './create-server.ts'
import { InnerListeners } from './inner-listeners.ts'
import { openEntry, type StreamParts } from './open-entry.ts'
import { openHubOf } from './open-hub.ts'
import { openPublished } from './open-published.ts'
import { Recordings } from './open-recorders.ts'
import { StationOpener } from './open-station.ts'
import type { Streams } from './server.ts'

/** Opens the streams of a plan, with their events and hooks. @throws FilterLoadError, SourceError or UsageError */
export async function openStreams(
  plan: ProgramPlan,
  memory: BufferMemory,
  host: ServerHost,
  runtime: Runtime,
): Promise<Streams> {
  const current = { plan }
  const registry = new Registry()
  const inner = new InnerListeners(registry, memory.writes, runtime.clock)
  const events = new Emitter<EventOfStream>()
  const eventLog = new EventLog()
  const hooks = openHooks(eventLog, host.guard, runtime)
  reportEvents(events, eventLog, runtime.clock)
  const recordings = new Recordings(() => current.plan, runtime)
  await recordings.prepare(plan)
  const hub = await openHubOf(plan, runtime)
  hub?.countListeners(() => [...registry.streams()].reduce((sum, { clients }) => sum + clients, 0))
  const parts: StreamParts = {
    ...runtime,
    hub,
    recordings,
    guard: host.guard,
    memory: new RingMemory(memory.ring),
    isConfigured: (path) => registry.get(path) !== undefined,
    inner,
    events,
    counters: new PathCounters(registry),
  }
  const opener = new StationOpener(registry, host.openEntry ?? ((own) => openEntry(own, parts)), parts)
  await opener.open(plan.streams, plan.isStation)
  const published = await openPublished(registry, () => current.plan, parts)
  const feed = new Feed(eventLog, runtime.clock)
  return { current, registry, opener, events, eventLog, hooks, feed, recordings, hub, ...published }
}
