/**
 * What `/status.json` says. Fields may be added; none changes its name or meaning. Moments are in UTC, to the second, as in
 * `2026-05-31T12:00:00Z`; what is not known is null. Text may have been written by anybody: it is one line, and has no control
 * characters, but has not been made safe for HTML.
 */
export interface StatusReport {
  /** When this was true. */
  readonly time: string
  readonly program: ProgramStatus
  /** Those that have been asked for so far, in the order of their paths. */
  readonly streams: readonly StreamStatus[]
}

export interface ProgramStatus {
  /** Of the station, as `-name` says it. */
  readonly name: string | null
  /** Of streamserve, such as `1.0.0`. */
  readonly version: string
  /** Of Node.js, such as `v24.1.0`. */
  readonly node: string
  readonly startedAt: string
  /** Of all streams together. */
  readonly listeners: number
  /** Resident memory of the process, in bytes. */
  readonly memoryBytes: number
  /** That deliver, the main one included. */
  readonly threads: number
  /** Which part of the last seconds the main thread has worked, from 0 to 1. */
  readonly load: number
}

export interface StreamStatus {
  /** Decoded: `/`, `/cd`. */
  readonly path: string
  /** Where it can be heard, as a reference to be resolved against the server's address: `/cd?wav`. */
  readonly listen: string
  readonly contentType: string | null
  /** For people: `MP3, 128 kbit/s, 44.1 kHz, stereo`. */
  readonly format: string | null
  /** What is playing. */
  readonly title: string | null
  readonly source: SourceStatus
  /** Of the sound, where the format says how long a frame lasts; otherwise as the bytes came in the last 15 s. */
  readonly bitsPerSecond: number | null
  readonly listeners: number
  readonly history: ListenerHistory
  /** To all its listeners together since the program was started, or the stream made. Frames that one of them missed were skipped. */
  readonly framesSent: number
  readonly framesSkipped: number
  readonly bytesIn: number
  /** Of `bytesIn`: no frame could start there. */
  readonly invalidBytes: number
  readonly bytesOut: number
}

export interface SourceStatus {
  /**
   * `closed`: nobody listens. `opening`. `waiting`: it is open, and waits for its writer or publisher. `open`: bytes come. `quiet`: it is open, but none have come for 5 s or more.
   * `retrying`: it has ended or failed, and will be opened again. `ended`: it will not.
   */
  readonly state: 'closed' | 'opening' | 'waiting' | 'open' | 'quiet' | 'retrying' | 'ended'
  /** When it came to be so. */
  readonly since: string
  /** When a source that is retrying is opened again. */
  readonly retryAt: string | null
  /** The command line or the path; null with `-status all`, for a command line may hold a password. */
  readonly label: string | null
  /** Files that are left out, because they cannot follow the others, by kind: `12 .m4a; 1 MP3, 48 kHz, stereo`. */
  readonly leftOut: string | null
  /** How often it has been opened. */
  readonly openings: number
  /** How its last opening ended; null: none has ended yet. */
  readonly lastEnd: { readonly at: string; readonly why: string; readonly failed: boolean } | null
  /** The last lines of the command's standard error, 20 of 500 characters at most, oldest first; none with `-status all`. */
  readonly said: readonly SaidText[]
}

export interface SaidText {
  readonly at: string
  readonly text: string
}

/** How many listened, every `everySeconds` seconds, oldest first, of the last hour; the last point is the newest. */
export interface ListenerHistory {
  readonly everySeconds: number
  /** The number of the first point here; they are counted from the start of the program on. */
  readonly from: number
  readonly listeners: readonly number[]
}

/** A message of `/status/events`: a whole report first, and then what is to be put over it. */
export type StatusNews =
  | ({ readonly whole: true } & StatusReport)
  | ({ readonly whole: false; readonly streams: readonly StreamNews[] } & Omit<StatusReport, 'streams'>)

/** A stream; its history has only the newest points, and `said` is left out where nothing was said since the last message. */
export interface StreamNews extends Omit<StreamStatus, 'source'> {
  readonly source: Omit<SourceStatus, 'said'> & { readonly said?: readonly SaidText[] }
}
