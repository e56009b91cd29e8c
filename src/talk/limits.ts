/** Limits of talk. A conversation of two people uses a small part of each. */

/** Maximum number of connections, in all rooms together. */
export const MAX_PEERS = 200
/** Maximum number of rooms that are not empty. */
export const MAX_ROOMS = 100
/** Maximum number of peers in a room: the two that talk, and those that wait. */
export const MAX_PEERS_IN_ROOM = 10

/** Number of connections and of rooms that an address may have in a full pool when another address has more. */
export const RESERVED_PEERS = 8
export const RESERVED_ROOMS = 4

export const MAX_MESSAGE_BYTES = 64 * 1024
/** Maximum number of fragments of a message. Browsers send messages this short in one fragment. */
export const MAX_FRAGMENTS = 16
export const MAX_TEXT_BYTES = 1024

/** Maximum rates of one connection. Sound takes 50 messages per second, and 98 kB per second as PCM. */
export const MESSAGES_PER_S = 120
export const BYTES_PER_S = 192 * 1024
/** Low, because some texts are forwarded, and must not flood a partner with a slow connection. */
export const TEXTS_PER_S = 20
/** Seconds of messages that may arrive at once after the network has delayed them. */
export const BURST_S = 4

export const HELLO_WITHIN_MS = 10_000
/** Maximum wait for the close frame that answers the server's. */
export const CLOSE_WITHIN_MS = 2_000

/** Maximum sound waiting to be written to a connection, in bytes: 200 ms of PCM. Further sound is dropped. */
export const MAX_UNSENT_BYTES = 20_000
