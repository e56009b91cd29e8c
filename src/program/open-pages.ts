import type { Viewer } from '../endpoints/viewers.ts'
import type { Feed } from '../events/feed.ts'
import { ListenerList } from '../status/listener-list.ts'
import { createStatus, type Status } from '../status/status.ts'
import { StatusSubscribers } from '../status/status-subscribers.ts'
import type { Runtime } from '../system/runtime.ts'
import type { Delegate } from '../transport/delegate.ts'
import type { PageTable } from './page-table.ts'
import type { Server } from './server.ts'

/** The pages, loaded with the first request for one. */
export interface OpenedPages {
  readonly delegate: Delegate
  /** Applies a changed plan. */
  renew(): Promise<void>
  /** Notifies browsers that the program ends; resolves when they have disconnected. */
  close(): Promise<void>
}

/** The status, measured from the start on, and its subscribers, and those to the events. */
interface WatchedStatus {
  readonly status: Status
  readonly subscribers: Readonly<Record<Viewer, StatusSubscribers>>
  readonly feed: Feed
}

/** What is measured from the start on. */
export interface Measured {
  /** Undefined: the status is disabled. */
  readonly watched: WatchedStatus | undefined
  /** Undefined: there are no administrators. */
  readonly listeners: ListenerList | undefined
  /** Start of the program, in milliseconds of the clock. */
  readonly startedAt: number
}

export function openPages(server: Server, runtime: Runtime): OpenedPages {
  const startedAt = runtime.clock.now()
  const { admins, events } = server
  const listeners = admins.accounts && new ListenerList(events, runtime.clock)
  const watched = server.current.plan.pages.status === 'off' ? undefined : watchStatus(server, runtime)
  let table: Promise<PageTable> | undefined
  // The pages take 10 MB, which a program that only streams does not need.
  const load = async () =>
    (await import('./page-table.ts')).createPageTable(server, { watched, listeners, startedAt }, runtime)
  const loaded = async () => {
    table ??= load()
    try {
      return await table
    } catch (error) {
      // Without descriptors no file can be read: the next request tries again.
      table = undefined
      throw error
    }
  }
  return {
    async delegate(other) {
      return (await loaded()).delegate(other)
    },
    async renew() {
      ;(await table)?.renew()
    },
    async close() {
      for (const all of Object.values(watched?.subscribers ?? {})) all.end()
      watched?.feed.end()
      watched?.status.stop()
      await (await table)?.close()
    },
  }
}

function watchStatus(server: Server, { clock }: Runtime): WatchedStatus {
  const { current, registry: station, threads, levels, recordings, certificateEndsAt, feed, hls, hub } = server
  const plan = () => current.plan
  const connections = () => ({ open: server.connections(), max: current.plan.clients.maxConnections })
  const status = createStatus(
    { station, threads, levels, recordings, hls: hls.figures, hub, plan, connections, certificateEndsAt },
    clock,
  )
  const subscribersOf = (viewer: Viewer) => {
    const shown = { report: () => status.report(viewer === 'operator'), pulse: () => status.pulse() }
    return new StatusSubscribers(shown, clock)
  }
  const subscribers = { operator: subscribersOf('operator'), public: subscribersOf('public') }
  return { status, subscribers, feed }
}
