import type { Registry } from '../station/station.ts'
import type { EventOfStream } from '../stream/stream-event.ts'
import { inTime, repeat } from '../system/clock.ts'
import type { Emitter } from '../system/emitter.ts'
import type { Runtime } from '../system/runtime.ts'
import { announcedStreams } from './announced-streams.ts'
import type { Directories } from './directories.ts'
import type { NetworkServices } from './network-services.ts'

/** Interval at which streams are compared with what is announced, in milliseconds: FIFOs and names make no event. */
const LOOK_EVERY_MS = 10_000
/** Time from an event to the comparison, in milliseconds: others may follow. */
const LOOK_AFTER_MS = 500
/** Time for the end of all announcements, in milliseconds. */
const END_WITHIN_MS = 3_000
const REASONS_TO_LOOK = new Set(['source opened', 'source closed', 'source waiting', 'format found'])

/** Announcements of the streams, which follow their comings and goings. */
export interface Announcing {
  /** Applies a changed plan. */
  renew(): void
  /** Withdraws all announcements, within a limited time. */
  end(): Promise<void>
}

/** Kinds of announcements; undefined: not wanted. */
export interface Announcers {
  readonly services: NetworkServices | undefined
  readonly directories: Directories | undefined
}

export function startAnnouncing(
  { services, directories }: Announcers,
  registry: Registry,
  events: Pick<Emitter<EventOfStream>, 'subscribe'>,
  { clock, log }: Runtime,
): Announcing {
  let isEnded = false
  let cancelLook: (() => void) | undefined
  // One after the other, because each compares with the result of the one before.
  let looks = Promise.resolve()

  async function compare(): Promise<void> {
    if (isEnded) return
    const streams = await announcedStreams(registry)
    await Promise.all([services?.update(streams), directories?.update(streams)])
  }
  function look(): Promise<void> {
    looks = looks.then(compare).catch((error: unknown) => log.error('announcements failed', { error: String(error) }))
    return looks
  }
  function lookSoon(): void {
    cancelLook ??= clock.after(LOOK_AFTER_MS, () => {
      cancelLook = undefined
      void look()
    })
  }

  const unsubscribe = events.subscribe(({ stream, event }) => {
    if (event.kind === 'title changed') directories?.titleChanged(stream)
    else if (REASONS_TO_LOOK.has(event.kind)) lookSoon()
  })
  const stop = repeat(clock, LOOK_EVERY_MS, look)
  lookSoon()
  return {
    renew: lookSoon,
    async end() {
      isEnded = true
      unsubscribe()
      stop()
      cancelLook?.()
      await inTime(clock, END_WITHIN_MS, Promise.all([services?.end(), directories?.end()]))
    },
  }
}
