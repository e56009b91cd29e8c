import type { Logger } from '@logtape/logtape'
import { createStatus } from '../status/status.ts'
import { createStatusSubscribers } from '../status/status-subscribers.ts'
import type { Clock } from '../system/clock.ts'
import type { Delegate } from '../transport/delegate.ts'
import type { Subject, Watch } from './page-subject.ts'
import type { PageTable } from './page-table.ts'

/** The pages, loaded with the first request for one. */
export interface OpenedPages {
  readonly delegate: Delegate
  /** Applies a changed configuration. */
  renew(): Promise<void>
  /** Notifies browsers that the program ends; resolves when they have disconnected. */
  close(): Promise<void>
}

export function openPages(subject: Subject, clock: Clock, log: Logger): OpenedPages {
  const watch = subject.config().status === 'off' ? undefined : watchStatus(subject, clock)
  let table: Promise<PageTable> | undefined
  // The pages take 10 MB, which a program that only streams does not need.
  const load = async () => (await import('./page-table.ts')).createPageTable(subject, watch, clock, log)
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
      watch?.subscribers.end()
      watch?.status.stop()
      await (await table)?.close()
    },
  }
}

function watchStatus({ station, threads, config, samples }: Subject, clock: Clock): Watch {
  const about = () => ({ name: config().name, samples: samples() })
  // Commands are shown only where the status is not public.
  const showsCommands = config().status === 'local'
  const status = createStatus({ station, threads, about, showsCommands }, clock)
  return { status, subscribers: createStatusSubscribers(status, clock) }
}
