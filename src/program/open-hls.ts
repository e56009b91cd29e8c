import type { Hls } from '../hls/hls.ts'
import type { HlsFigures } from '../hls/hls-stream.ts'
import type { ProgramPlan } from '../plan/program-plan.ts'
import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'
import type { Streams } from './server.ts'

/** HLS of the program, which is loaded when a stream has it. */
export interface OpenedHls {
  /** Undefined: no stream has had HLS. */
  readonly loaded: Hls | undefined
  /** Returns the totals of a path; undefined: it has no HLS. */
  readonly figures: (path: string) => HlsFigures | undefined
  /** Loads what a plan needs that is to be used from then on. */
  prepare(plan: ProgramPlan): Promise<void>
  /** Applies the current plans of all streams. */
  renew(): void
}

/** Follows the streams with HLS from their first frame on. */
export async function openHls({ events, registry, current }: Streams, clock: Clock): Promise<OpenedHls> {
  let loaded: Hls | undefined
  const follow = (stream: Stream) => {
    // A stream that was replaced may still have events.
    if (loaded !== undefined && [...registry.streams()].includes(stream)) loaded.follow(stream)
  }
  events.subscribe(({ stream, event }) => {
    if (event.kind === 'source opened' || event.kind === 'source on air') follow(stream)
  })
  const opened: OpenedHls = {
    get loaded() {
      return loaded
    },
    figures: (path) => loaded?.figures(path),
    async prepare(plan) {
      if (!hasHls(plan) || loaded !== undefined) return
      const { Hls } = await import('../hls/hls.ts')
      loaded = new Hls(clock)
    },
    renew() {
      for (const stream of registry.streams()) loaded?.follow(stream)
    },
  }
  await opened.prepare(current.plan)
  return opened
}

function hasHls({ streams, published }: ProgramPlan): boolean {
  return [...streams, ...published].some(({ hls }) => hls !== undefined)
}
