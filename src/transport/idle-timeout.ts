/** Time without progress after which a connection that gets no stream is closed, in milliseconds. */
export const IDLE_TIMEOUT_MS = 60_000
