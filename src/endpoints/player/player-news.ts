/** News of a stream for its player, sent about once a second. Types only: the browser's side is built with them too. */

/** Position in a stream, in milliseconds of sound since it began. It is constant while no frames arrive. */
export type StreamMs = number

/** Timeline of a stream's sound, on which a page locates the newest frame and the one that it plays. */
export interface StreamTime {
  /** Identifies the timeline. Positions are comparable only within one. */
  readonly line: string
  /** End of the newest frame. */
  readonly newest: StreamMs
  /** Start of a listener that connects now: its first frame, for `?at=FRAME`, and the position of that. */
  readonly start: { readonly frame: number; readonly at: StreamMs }
  /** Average duration of a frame, in milliseconds; 0 without frames. */
  readonly frameMs: number
  /** Distance from the newest frame to the start of players, in milliseconds, when enough frames are available. */
  readonly burstMs: number
}

/** The past of a stream: how far back listeners can go with `?ago=`, and the titles on the way. */
export interface PlayerRewind {
  /** Age of the oldest frame, in milliseconds. */
  readonly reachMs: number
  /** The last titles, oldest first. */
  readonly titles: readonly PastTitle[]
}

/** A title of the past. */
interface PastTitle {
  /** One line; empty: the title is unknown from here on. */
  readonly text: string
  /** Position of its first frame, or of the oldest that is left. */
  readonly from: StreamMs
  /** Age of that frame, in milliseconds: `?ago=` with it starts there. */
  readonly agoMs: number
}

/** The news as they are sent: titles of the past only to a new client, when there is another one, and now and then. */
export interface SentNews extends Omit<PlayerNews, 'rewind'> {
  readonly rewind?: (Pick<PlayerRewind, 'reachMs'> & Partial<PlayerRewind>) | undefined
}

/** Versions of the pictures of a stream, for their addresses; undefined: there is none. */
export interface PlayerPictures {
  /** The cover of the file that is played. */
  readonly cover?: string | undefined
  /** The picture of the station. */
  readonly station?: string | undefined
}

/** A title that was played. */
export interface PlayedTitle {
  /** One line; not empty. */
  readonly text: string
  /** Time since its first frame, in milliseconds. */
  readonly agoMs: number
}

/** What players of HLS need beside its playlist. */
export interface PlayerHls {
  /** When the newest frame was on the air, in milliseconds since 1970, as EXT-X-PROGRAM-DATE-TIME counts. */
  readonly newestAt: number
}

/** State of a stream, and its current title. */
export interface PlayerNews {
  /**
   * `absent`: the path has no stream. `ended`: no further frame follows. `idle`: its source opens with the first
   * listener. `off-air`: its source is not available, and is retried or waited for. `silent`: its source is open, but no bytes
   * arrive.
   */
  readonly state: 'absent' | 'ended' | 'idle' | 'off-air' | 'silent' | 'live'
  /** `MP3, 128 kbit/s, 44.1 kHz, stereo`; empty: not known. */
  readonly format: string
  /** Media type of the stream for players; empty: not known. */
  readonly contentType: string
  /** Current title, and its start; undefined: not known. */
  readonly title?: { readonly text: string; readonly from: StreamMs } | undefined
  /** Undefined: the duration of the frames is not known. */
  readonly time?: StreamTime | undefined
  /** Undefined: the stream has no `-rewind`, or has had no frame yet. */
  readonly rewind?: PlayerRewind | undefined
  /** The last titles, newest first, also those whose sound is gone; undefined: as before. */
  readonly played?: readonly PlayedTitle[] | undefined
  /** Undefined: the path has no stream. */
  readonly pictures?: PlayerPictures | undefined
  /** Number of listeners; undefined: it is not public. */
  readonly listeners?: number | undefined
  /** Undefined: the stream has no `-hls`, or has had no frame yet. */
  readonly hls?: PlayerHls | undefined
}
