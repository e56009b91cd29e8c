import type { Config } from '../config/config.ts'
import type { DeliveryOf } from '../delivery/deliveries.ts'
import type { Lookers } from '../status/lookers.ts'
import type { Status } from '../status/status.ts'
import type { LiveStreams } from '../stream/live-streams.ts'
import type { Station } from '../stream/station.ts'
import type { Threads } from '../threads/threads.ts'
import type { Samples } from './setup.ts'

/** What the pages are about. */
export interface Subject {
  readonly station: Station
  /** The streams that speakers make, if there are any. */
  readonly live: LiveStreams | undefined
  readonly deliveryOf: DeliveryOf
  readonly threads: Threads
  /** The samples of raw streams, as they are now. */
  readonly samples: () => Samples | undefined
  /** The configuration that holds now. */
  readonly config: () => Config
  /** Only this machine can ask. */
  readonly isAlone: boolean
  /** HTTPS is spoken. */
  readonly isSecure: boolean
  /** What whoever goes on the air must know. */
  readonly liveToken: string
}

/** The status, which is watched from the start on, and those who look at it. */
export interface Watch {
  readonly status: Status
  readonly lookers: Lookers
}
