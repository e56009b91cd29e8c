/**
 * What goes over the WebSocket of `/live/<stream>`. The browser's side is built with this file too.
 *
 *      page                         server
 *       |  hello ------------------->|
 *       |<-------------------- onAir |   at once and then every second, or it is closed with one of CLOSE
 *       |  samples =================>|   binary: mono, 16 bit, little-endian, at the rate of the hello
 */

/** From the page: the first message. */
export interface LiveHello {
  readonly type: 'hello'
  readonly token: string
  /** A random word of the page's own: who says it again takes the place that they had. */
  readonly me: string
  /** Of the samples that follow, in Hz. */
  readonly rate: number
}

/** From the server: listeners hear what comes, and there are so many. */
export interface LiveMessage {
  readonly type: 'onAir'
  readonly listeners: number
}

/** Why the server ends a connection (RFC 6455, section 7.4). */
export const CLOSE = {
  shuttingDown: 1001,
  notUnderstood: 1003,
  tooMuch: 1008,
  /** All streams, or all places of those who have not said their token, are taken. */
  full: 1013,
  noHello: 4000,
  /** The same page is here again over another connection. */
  replaced: 4001,
  wrongToken: 4003,
  /** A stream or a page has this path already. */
  pathTaken: 4009,
  somebodyElse: 4023,
} as const

export const LOWEST_RATE = 8_000
export const HIGHEST_RATE = 96_000
