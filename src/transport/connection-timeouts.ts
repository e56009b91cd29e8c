/** Time without progress after which a connection that gets no stream is closed, in milliseconds. */
export const IDLE_TIMEOUT_MS = 60_000

/**
 * A FIN means that a client sends nothing more. It may still read (RFC 9293, section 3.6): `nc -N`, socat and some relays close
 * their half as soon as the request is sent. All other clients close it when they disconnect.
 */

/**
 * Maximum time between a request and a FIN that only closes the client's half, in milliseconds: it may be sent again once on
 * its way.
 */
export const HALF_CLOSE_WITHIN_MS = 500

/**
 * Time without a byte sent after which a client that has closed its half counts as gone, in milliseconds: only a write would
 * show it.
 */
export const HALF_CLOSED_QUIET_MS = 30_000
