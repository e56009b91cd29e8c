/** The hub in a StatusReport: the servers of NATS that carry streams from origins to edges. */
export interface HubStatus {
  /** Name of this program on the hub, from `-hub-origin`. */
  readonly name: string
  readonly isConnected: boolean
  /** Time since which it is connected, or not. */
  readonly since: string
  /** Address of its server, or of the last one; null: there was none, or `-status all`. */
  readonly server: string | null
  /** Connections after the first one. */
  readonly reconnects: number
  /** Time of the last round trip to the server, in milliseconds. */
  readonly roundTripMs: number | null
  /** What the hub refuses, or why it is not connected, as a part of a sentence; null: nothing, or `-status all`. */
  readonly problem: string | null
  /** The hub keeps the last seconds of streams, so that an edge begins with a burst (JetStream). */
  readonly keepsHistory: boolean
  /** Programs that read streams of the hub, as they report themselves, in the order of their names. */
  readonly edges: readonly HubEdgeStatus[]
}

interface HubEdgeStatus {
  readonly name: string
  readonly listeners: number
  /** Origin that it hears, by name of the stream on the hub. */
  readonly hears: Readonly<Record<string, string>>
}

/** A stream on the hub. Totals are those since the program was started. */
export interface StreamHubStatus {
  /** Null: its frames do not go to the hub. */
  readonly published: HubPublishedStatus | null
  /** Null: it is not read from the hub. */
  readonly read: HubReadStatus | null
}

export interface HubPublishedStatus {
  /** Name of the stream on the hub. */
  readonly name: string
  readonly messages: number
  readonly frames: number
  readonly bytes: number
  /** Frames that were sent again, because the hub or an edge had missed them. */
  readonly framesResent: number
  /** Frames that are larger than the hub permits, and were not sent. */
  readonly framesRefused: number
}

export interface HubReadStatus {
  /** Name of the stream on the hub. */
  readonly name: string
  /** Origin whose frames listeners get; null: none. */
  readonly heard: string | null
  readonly origins: readonly {
    readonly name: string
    /** Time since its last message, in milliseconds. */
    readonly quietMs: number
  }[]
  /** Times that another origin became the heard one. */
  readonly changes: number
  /** Time without frames, as far as it was longer than 200 ms, and the longest one; in milliseconds. */
  readonly gapMs: number
  readonly longestGapMs: number
  /** Frames that came more than once and were dropped. */
  readonly framesDuplicate: number
  /** Frames that were missing, and came later. */
  readonly framesRefilled: number
  /** Frames that never came. */
  readonly framesLost: number
  /** Delay of the newest message from its origin, by the clocks of both, in milliseconds. */
  readonly delayMs: number | null
}
