/**
 * Messages over the WebSocket of `/live/<stream>`. The browser's side is built with this file too.
 *
 *      page                         server
 *       |  hello ------------------->|
 *       |<-------------------- onAir |   at once and then every second, or it is closed with one of CLOSE
 *       |  samples =================>|   binary: mono, 16 bit, little-endian, at the rate of the hello
 */

/** First message of the page. */
export interface LiveHello {
  readonly type: 'hello'
  readonly token: string
  /** A random word made by the page. A connection with the same word replaces the page's earlier one. */
  readonly me: string
  /** Rate of the samples that follow, in Hz. */
  readonly rate: number
}

/** Message of the server while the samples are published, with the number of listeners. */
export interface LiveMessage {
  readonly type: 'onAir'
  readonly listeners: number
}

export const LOWEST_RATE = 8_000
export const HIGHEST_RATE = 96_000
