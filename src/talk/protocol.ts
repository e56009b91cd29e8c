/**
 * What the page and the server say to each other over a WebSocket at the page's own path. The page imports this file too.
 *
 *      page                         server                        the partner's page
 *       |  hello ------------------->|                                    |
 *       |<------------------ waiting |                                    |
 *       |                            |<---------------------------- hello |
 *       |<---------------- connected | connected ------------------------>|
 *       |  sound ===================>|===================================>|
 *       |<------------------------ left |<--------------------- (has gone) |
 *       |<------------------ waiting |
 *
 * Text is control, one JSON object a message. Binary is sound, which the server passes on as it stands:
 *
 *      byte  0       codec: 0 PCM, 1 Opus
 *            1 - 3   zero
 *            4 - 7   sequence number, big-endian: one more with each message, and a gap is a loss
 *            8 - 11  when the first sample was captured, big-endian, in samples at 48 kHz: it runs on while nothing is sent
 *           12 - ... 20 ms of mono sound at 48 kHz: 960 samples of 16 bit, little-endian, or one Opus packet
 *
 * Both counters begin anywhere and wrap around at 2^32.
 */

export const SAMPLE_RATE = 48_000
export const SOUND_HEADER_BYTES = 12
/** Of sound in one message, in milliseconds. */
export const SOUND_MS = 20

/** How sound is written, the best way first. Everybody can do PCM; Opus takes a browser with WebCodecs. */
export const CODECS = ['opus', 'pcm'] as const
export type Codec = (typeof CODECS)[number]

/** From the page. */
export type ClientMessage =
  /**
   * The first message. Who says the same `me` again, a random word of the page's own, gets the place that they had: their
   * first connection may be dead without knowing. One of the codecs is `pcm`.
   */
  | { readonly type: 'hello'; readonly me: string; readonly codecs: readonly Codec[] }
  | { readonly type: 'muted'; readonly muted: boolean }
  /** Comes back as it is, behind all that was sent before it. */
  | { readonly type: 'probe'; readonly id: number }

/** From the server. */
export type ServerMessage =
  /** So many people came before: none, or two who talk and those who wait for one of them to go. */
  | { readonly type: 'waiting'; readonly ahead: number }
  /** Send sound in this codec. Said again when the partner has come back over another connection. */
  | { readonly type: 'connected'; readonly codec: Codec; readonly partnerMuted: boolean }
  | { readonly type: 'muted'; readonly muted: boolean }
  /** The partner has left; `waiting` or `connected` follows. */
  | { readonly type: 'left' }
  | { readonly type: 'probe'; readonly id: number }

/**
 * Why the server ends a connection (RFC 6455, section 7.4). The library itself says 1002 to what is no WebSocket, 1007 to text
 * that is no UTF-8, 1009 to a message over 64 KiB and 1008 to one in too many fragments.
 */
export const CLOSE = {
  shuttingDown: 1001,
  notUnderstood: 1003,
  tooMuch: 1008,
  /** All rooms, or all places of the room, are taken. */
  full: 1013,
  noHello: 4000,
  /** The same page is here again over another connection. */
  replaced: 4001,
} as const
