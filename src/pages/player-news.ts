/** What the player's page is told of its stream, about once a second. Types only: the browser's side is built with them too. */

/** A moment of a stream, in milliseconds of its sound since the server first looked. It stands still while no frames come. */
export type StreamMs = number

/** The sound of a stream as a line of time, on which a page finds the newest frame, and what it hears itself. */
export interface StreamTime {
  /** Moments are comparable as long as this is the same. */
  readonly line: string
  /** Behind the newest frame. */
  readonly newest: StreamMs
  /** Where a listener begins who comes now: this frame, `?at=FRAME`, and its moment. */
  readonly start: { readonly frame: number; readonly at: StreamMs }
  /** How long a frame lasts, on average; 0: there has been none. */
  readonly frameMs: number
  /** How far behind the newest frame players begin, when there is enough to begin with, in milliseconds. */
  readonly burstMs: number
}

/** How a stream is and what it plays. */
export interface PlayerNews {
  /**
   * `absent`: there is no stream at this path. `ended`: no further frame follows. `idle`: its source opens with the first
   * listener. `off-air`: its source is not there, and is opened again or waited for. `silent`: its source is open and gives nothing.
   */
  readonly state: 'absent' | 'ended' | 'idle' | 'off-air' | 'silent' | 'live'
  /** `MP3, 128 kbit/s, 44.1 kHz, stereo`; empty: not known. */
  readonly format: string
  /** The media type of what players get; empty: not known. */
  readonly contentType: string
  /** What is playing, and from when on; undefined: nothing is known. */
  readonly title?: { readonly text: string; readonly from: StreamMs } | undefined
  /** Undefined: frames do not say how long they last. */
  readonly time?: StreamTime | undefined
}
