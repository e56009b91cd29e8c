import type { Config } from '../config/config.ts'
import type { DeliveryOf } from '../delivery/deliveries.ts'
import type { PublishedStreams } from '../station/published-streams.ts'
import type { Station } from '../station/station.ts'
import type { Status } from '../status/status.ts'
import type { StatusSubscribers } from '../status/status-subscribers.ts'
import type { Threads } from '../threads/threads.ts'
import type { Samples } from './setup.ts'

/** Parts of the program that pages show or use. */
export interface Subject {
  readonly station: Station
  /** Streams published by browsers, if enabled. */
  readonly live: PublishedStreams | undefined
  readonly deliveryOf: DeliveryOf
  readonly threads: Threads
  /** Returns the current format of raw samples. */
  readonly samples: () => Samples | undefined
  /** Returns the current configuration. */
  readonly config: () => Config
  /** True when only this machine can connect. */
  readonly isAlone: boolean
  /** True when HTTPS is enabled. */
  readonly isSecure: boolean
  /** Token that a browser needs to publish a stream. */
  readonly liveToken: string
}

/** The status, measured from the start on, and its subscribers. */
export interface Watch {
  readonly status: Status
  readonly subscribers: StatusSubscribers
}
