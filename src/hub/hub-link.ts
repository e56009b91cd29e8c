/** A message of the hub. */
export interface HubDelivery {
  readonly subject: string
  /** A view of received bytes, which never change afterwards. */
  readonly payload: Buffer
}

/** State of the connection to the hub. */
export interface HubLinkState {
  readonly isConnected: boolean
  /** Address of the server, or of the last one; undefined: there was none. */
  readonly server: string | undefined
  /** Since when it is connected or not, in milliseconds of the clock. */
  readonly since: number
  /** Connections after the first one. */
  readonly reconnects: number
  /** Time of the last round trip to the server, in milliseconds; undefined: not known. */
  readonly roundTripMs: number | undefined
  /** What the hub refuses, or why it is not connected, in one line; undefined: no problem is known. */
  readonly problem: string | undefined
  /** Messages of the last seconds are kept by the hub (JetStream). */
  readonly keepsHistory: boolean
}

/** Connection to a hub. Messages published while it is away are lost; subscriptions stay. */
export interface HubLink {
  readonly state: HubLinkState
  /** Maximum size of a message, in bytes. */
  readonly maxPayload: number
  /** Sends a message; without effect while the hub is away. */
  publish(subject: string, payload: Uint8Array): void
  /** Receives all messages of a subject, which may have wildcards. @returns ends it */
  subscribe(subject: string, receive: (delivery: HubDelivery) => void): () => void
  /** Adds an observer of connections: it is called at each one, also at a first one that is later. @returns removes it */
  onConnected(listener: () => void): () => void
  /**
   * Returns the messages of a subject that the hub has kept, oldest first; empty where it keeps none, or does not answer in time.
   * @param ms age of the oldest message
   */
  history(subject: string, ms: number): Promise<readonly HubDelivery[]>
  /** Disconnects, once everything published was sent. */
  close(): Promise<void>
}
