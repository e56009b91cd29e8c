/**
 * Messages between the page and the server over a WebSocket at the page's own path. The page imports this file too.
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
 * Text messages are control, one JSON object each. Binary messages are sound, which the server forwards unchanged:
 *
 *      byte  0       codec: 0 PCM, 1 Opus
 *            1 - 3   zero
 *            4 - 7   sequence number, big-endian: incremented with each message; a gap is a loss
 *            8 - 11  when the first sample was captured, big-endian, in samples at 48 kHz: it runs on while nothing is sent
 *           12 - ... 20 ms of mono sound at 48 kHz: 960 samples of 16 bit, little-endian, or one Opus packet
 *
 * Both counters begin at any value and wrap around at 2^32.
 */

export const SAMPLE_RATE = 48_000
export const SOUND_HEADER_BYTES = 12
/** Duration of the sound in one message, in milliseconds. */
export const SOUND_MS = 20

/** Encodings of sound, the best first. All browsers support PCM; Opus needs WebCodecs. */
export const CODECS = ['opus', 'pcm'] as const
export type Codec = (typeof CODECS)[number]

/** First message from the page. */
export interface Hello {
  readonly type: 'hello'
  /**
   * A random word made by the page. A hello with a word that is already in the room takes over its place, because a dead
   * connection may not have been detected yet.
   */
  readonly me: string
  /** One of them is `pcm`. */
  readonly codecs: readonly Codec[]
}

/** Message from the page. */
export type ClientMessage =
  | Hello
  | { readonly type: 'muted'; readonly muted: boolean }
  /** Returned unchanged, after all messages that were sent before it. */
  | { readonly type: 'probe'; readonly id: number }

/** Message from the server. */
export type ServerMessage =
  /** Number of peers that entered before: 0, or the two that talk and those that wait for a place. */
  | { readonly type: 'waiting'; readonly ahead: number }
  /** The page may send sound in this codec. Sent again when the partner has reconnected. */
  | { readonly type: 'connected'; readonly codec: Codec; readonly partnerMuted: boolean }
  | { readonly type: 'muted'; readonly muted: boolean }
  /** The partner has left; `waiting` or `connected` follows. */
  | { readonly type: 'left' }
  | { readonly type: 'probe'; readonly id: number }
