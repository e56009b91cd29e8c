import type { AdminGate } from '../access/admin-gate.ts'
import type { RefusalCounts } from '../access/refusal-counts.ts'
import type { DeliveryOf } from '../delivery/deliveries.ts'
import type { Visits } from '../delivery/visits.ts'
import type { EventLog } from '../events/event-log.ts'
import type { Feed } from '../events/feed.ts'
import type { Hooks } from '../hooks/hooks.ts'
import type { Hub } from '../hub/hub.ts'
import type { LevelMeters } from '../level/level-meters.ts'
import type { Address, ProgramPlan } from '../plan/program-plan.ts'
import type { Registry } from '../station/station.ts'
import type { EventOfStream } from '../stream/stream-event.ts'
import type { Emitter } from '../system/emitter.ts'
import type { Threads } from '../threads/threads.ts'
import type { FrontDoor } from '../transport/front-door.ts'
import type { StreamAccess } from '../transport/stream-access.ts'
import type { Clients } from './open-clients.ts'
import type { OpenedHls } from './open-hls.ts'
import type { Published } from './open-published.ts'
import type { Recordings } from './open-recorders.ts'
import type { StationOpener } from './open-station.ts'

/** Streams, connections and threads: the program without its process. */
export interface Server extends Streams {
  /** URL that the program listens at. */
  readonly url: string
  /** URLs of the further addresses. */
  readonly furtherUrls: readonly string[]
  readonly address: Address
  readonly isSecure: boolean
  /** True when only this machine can connect. */
  readonly isAlone: boolean
  /** Token that a browser needs to publish a stream; undefined: none can. */
  readonly liveToken: string | undefined
  readonly deliveryOf: DeliveryOf
  /** Listeners of the main thread. */
  readonly visits: Visits
  /** Decides which clients may have a stream. */
  readonly access: StreamAccess
  readonly refusals: RefusalCounts
  /** Returns the number of open connections, of all threads. */
  readonly connections: () => number
  readonly admins: AdminGate
  readonly hls: OpenedHls
  /** Meters of the streams whose level is of interest. */
  readonly levels: LevelMeters
  readonly frontDoor: FrontDoor
  readonly threads: Threads
  /** Returns when the certificate ends, in milliseconds since 1970; undefined: HTTP only. */
  readonly certificateEndsAt: () => number | undefined
  /** Bans, and the access log. */
  readonly clients: Pick<Clients, 'accessLog' | 'end'>
  /** Stops the renewal of the certificate. */
  readonly stopCertificate: () => void
}

/** The streams of a server. */
export interface Streams extends Published {
  /** Undefined: none is configured. */
  readonly hub: Hub | undefined
  readonly current: CurrentPlan
  readonly registry: Registry
  readonly opener: StationOpener
  /** Events of all streams, also of those to come. */
  readonly events: Pick<Emitter<EventOfStream>, 'subscribe'>
  /** The events that programs get: those of all streams, and of the program. */
  readonly eventLog: EventLog
  readonly hooks: Hooks
  readonly feed: Feed
  readonly recordings: Recordings
}

/** The plan, which a reload replaces. */
interface CurrentPlan {
  plan: ProgramPlan
}
