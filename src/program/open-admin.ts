import { createAdminPage } from '../endpoints/admin/admin.ts'
import type { Controls } from '../endpoints/admin/commands.ts'
import type { IceSources } from '../endpoints/icecast/ice-source.ts'
import type { Page } from '../endpoints/page.ts'
import type { Viewers } from '../endpoints/viewers.ts'
import type { ListenerList } from '../status/listener-list.ts'
import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'
import type { Server } from './server.ts'

/** What the pages of administrators share with others. */
export interface AdminParts {
  readonly streams: () => readonly Stream[]
  readonly viewers: Viewers
  readonly sources: IceSources
  /** Undefined: there are no administrators. */
  readonly listeners: ListenerList | undefined
  /** Start of the program, in milliseconds of the clock. */
  readonly startedAt: number
  /** The state of the program is shown at all. */
  readonly hasStatus: boolean
}

/** Makes the pages of administrators, who control the listeners of all threads. */
export function openAdmin(server: Server, { streams, listeners, ...parts }: AdminParts, clock: Clock): Page {
  return createAdminPage({ ...parts, streams, controls: listeners && controlsOf(server, streams, listeners) }, clock)
}

function controlsOf(
  { publishing, visits, threads }: Server,
  streams: Controls['streams'],
  listeners: ListenerList,
): Controls {
  return {
    streams,
    publishing,
    listeners,
    endListener(id) {
      if (!visits.end(id, BY_ADMIN)) threads.endListener(id, BY_ADMIN)
    },
    moveListeners(from, to, id) {
      visits.move(from, to, id)
      threads.moveListeners(from.path, to.path, id)
    },
  }
}

const BY_ADMIN = 'ended by an administrator'
