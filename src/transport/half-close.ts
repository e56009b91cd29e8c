/**
 * A FIN says that a client sends nothing more, and not whether it still reads (RFC 9293, section 3.6). Programs such as `nc -N` and
 * socat, and relays, close their half as soon as the request is sent; all others close it when they leave.
 */

/** Maximum time between a request and a FIN that only closes the client's half, in milliseconds: it may be sent again once on its way. */
export const HALF_CLOSE_WITHIN_MS = 500

/** Time without a byte sent after which a client that has closed its half counts as gone, in milliseconds: only a write would show it. */
export const HALF_CLOSED_QUIET_MS = 30_000
