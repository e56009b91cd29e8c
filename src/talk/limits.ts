/** The bounds of talk. Two people need a small part of each. */

/** Everybody who is connected, in all rooms. */
export const MAX_PEOPLE = 200
/** Rooms with somebody in them. */
export const MAX_ROOMS = 100
/** Two who talk, and those who wait. */
export const MAX_PEOPLE_IN_ROOM = 10

/** Of people and of rooms, an address may have this many when others have more. */
export const RESERVED_PEOPLE = 8
export const RESERVED_ROOMS = 4

export const MAX_MESSAGE_BYTES = 64 * 1024
/** Browsers send what is so short in one. */
export const MAX_FRAGMENTS = 16
export const MAX_TEXT_BYTES = 1024

/** Sound is 50 messages a second, and 98 kB as PCM. */
export const MESSAGES_PER_S = 120
export const BYTES_PER_S = 192 * 1024
/** Some are passed on, and a partner with a slow connection must not drown in them. */
export const TEXTS_PER_S = 20
/** What a network has held up for so many seconds may come at once. */
export const BURST_S = 4

export const HELLO_WITHIN_MS = 10_000
export const PING_EVERY_MS = 20_000
/** A ping may be without its answer for so long. Whoever vanishes is gone after this and one `PING_EVERY_MS`, at the latest. */
export const DEAD_AFTER_MS = 40_000
/** After a close frame the other side has so long to send its own. */
export const CLOSE_WITHIN_MS = 2_000

/** Sound that the connection has not taken, in bytes: 200 ms of PCM. What comes on top is dropped. */
export const MAX_UNSENT_BYTES = 20_000
