import type { StreamPlan } from '../plan/stream-plan.ts'
import type { Registry } from '../station/station.ts'
import type { Stream } from '../stream/stream.ts'

/** A stream that may be announced. */
export interface AnnouncedStream {
  /** Decoded. */
  readonly path: string
  readonly plan: StreamPlan
  /** Undefined: a FIFO or a stream of the hub that no listener has requested yet. */
  readonly stream: Stream | undefined
}

/** Returns all streams: those of the configuration, those that are made on request, and the published ones. */
export async function announcedStreams(registry: Registry): Promise<readonly AnnouncedStream[]> {
  const streams = new Map(Array.from(registry.streams(), (stream) => [stream.path, stream]))
  const known = new Map<string, AnnouncedStream>()
  for (const entry of registry.entries()) {
    for (const path of await entry.paths()) known.set(path, { path, plan: entry.plan, stream: undefined })
  }
  for (const [path, stream] of streams) known.set(path, { path, plan: stream.plan, stream })
  return [...known.values()]
}
