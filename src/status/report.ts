import type { SourcePlan } from '../plan/stream-plan.ts'
import type { HubStatus, StreamHubStatus } from './hub-report.ts'

/**
 * Content of `/status.json`. With `-status all`, clients that are not administrators do not see some of it, as stated below. Fields may be added; none changes its name or meaning. Times are in UTC, to the second, as in
 * `2026-05-31T12:00:00Z`; unknown values are null. Text may come from untrusted sources: it is one line without control
 * characters, but not escaped for HTML.
 */
export interface StatusReport {
  /** Time of the report. */
  readonly time: string
  /** What is wrong now, or worth knowing; errors first. Empty: nothing is wrong. */
  readonly troubles: readonly Trouble[]
  readonly program: ProgramStatus
  /** Null: no hub is configured. */
  readonly hub: HubStatus | null
  /** Current streams, in order of their paths. A stream of a FIFO exists from its first request. */
  readonly streams: readonly StreamStatus[]
}

/** Something that is wrong now, or worth knowing. */
export interface Trouble {
  readonly kind: TroubleKind
  /** `error`: something fails. `warning`: it works, but a person should know. */
  readonly severity: 'error' | 'warning'
  /** Path of the stream; null: it is about the whole program. */
  readonly stream: string | null
  /** Time at which it was first noticed, without a break since. */
  readonly since: string
  /** One sentence, in English. */
  readonly text: string
}

/**
 * Of a stream: `source`: its source fails, or has failed in the last minute. `quiet`: the source is open, but sends nothing.
 * `off air`: listeners wait for the source. `silence`: its sound is silent. `fallback`: listeners hear something else in
 * place of its source. `listeners`: the limit of listeners is reached. `recording`: its files cannot be written, or not fast
 * enough. `origin`: no origin of it is heard on the hub.
 * Of the program: `connections`: the limit of connections is reached. `descriptors`: 90 % of the file descriptors are in use, or all but the reserved ones.
 * `clock`: the system clock is wrong, or was set in the last hour. `certificate`: it ends within two weeks, or has ended.
 * `file`: a file of users, banned addresses or the access log cannot be used. `thread`: a delivery thread has crashed in the
 * last hour. `hub`: the hub cannot be reached, or refuses something. Further kinds may be added.
 */
type TroubleKind =
  | 'source'
  | 'quiet'
  | 'off air'
  | 'silence'
  | 'fallback'
  | 'listeners'
  | 'recording'
  | 'origin'
  | 'connections'
  | 'descriptors'
  | 'clock'
  | 'certificate'
  | 'file'
  | 'thread'
  | 'hub'

export interface ProgramStatus {
  /** Name of the station, from `-name`. */
  readonly name: string | null
  /** Version of streamserve, such as `1.0.0`. */
  readonly version: string
  /** Version of Node.js, such as `v24.1.0`. */
  readonly node: string
  readonly startedAt: string
  /** Listeners of all streams together. */
  readonly listeners: number
  /** Resident memory of the process, in bytes. */
  readonly memoryBytes: number
  /** Threads that deliver, including the main thread. */
  readonly threads: number
  /** Part of the last seconds in which the main thread was busy, from 0 to 1. */
  readonly load: number
}

export interface StreamStatus {
  /** Decoded: `/`, `/cd`. */
  readonly path: string
  /** Name of the stream; null: it has none. */
  readonly name: string | null
  /** URL to listen at, as a reference relative to the server's address: `/cd?wav`. */
  readonly listen: string
  readonly contentType: string | null
  /** For people: `MP3, 128 kbit/s, 44.1 kHz, stereo`. */
  readonly format: string | null
  /** Title that is playing. */
  readonly title: string | null
  /** The last 20 titles, newest first; the first one may be over. */
  readonly titles: readonly TitleStatus[]
  readonly source: SourceStatus
  /** Program or browser that publishes the stream now; null: none does. */
  readonly publisher: PublisherStatus | null
  /** Server whose stream is relayed now; null: none is. */
  readonly relay: RelayStatus | null
  /** Stream of this program that this one is made of now; null: none is. */
  readonly from: { readonly path: string; readonly since: string } | null
  /** What listeners hear now in place of the source; null: the source, silence or nothing. */
  readonly fallback: FallbackStatus | null
  /** Bit rate of the sound, if the format gives the duration of a frame; otherwise of the bytes received in the last 15 s. */
  readonly bitsPerSecond: number | null
  /** Level of the sound over the last second; null: it is not samples, or there was none in the last seconds. */
  readonly level: LevelStatus | null
  /** Time since which the sound has been silent, as `-silence-after` and `-silence-level` define it; null: it is not silent. */
  readonly silentSince: string | null
  /** Files that the stream is recorded in; null: it is not recorded. */
  readonly recording: RecordingStatus | null
  /** How far listeners can go back; null: they cannot. */
  readonly rewind: RewindStatus | null
  readonly listeners: number
  /** HLS, apart from the listeners and their totals; null: the stream has none. */
  readonly hls: HlsStatus | null
  /** Null: it is neither published on the hub nor read from it. */
  readonly hub: StreamHubStatus | null
  /** Maximum number of listeners, from `-max-listeners`; null: unlimited. */
  readonly maxListeners: number | null
  /** The most listeners at one time, and when they were first noticed, to 5 s; null: there were none. */
  readonly listenerPeak: { readonly listeners: number; readonly at: string } | null
  readonly history: ListenerHistory
  /**
   * Total to all listeners since the program was started or the path added: a stream that replaces another one at its path continues
   * its counts. `framesSkipped` counts the frames that a listener missed.
   */
  readonly framesSent: number
  readonly framesSkipped: number
  readonly bytesIn: number
  /** Part of `bytesIn` in which no frame could start. */
  readonly invalidBytes: number
  readonly bytesOut: number
}

interface RewindStatus {
  /** Age of the oldest frame, in milliseconds. */
  readonly reachMs: number
  /** Age that frames are kept up to, from `-rewind`, in milliseconds. */
  readonly wantedMs: number
  /** Size of the frames that are kept, in bytes. */
  readonly bytes: number
}

interface HlsStatus {
  /** Clients that ask this server for playlists or segments, by address and user agent; those behind a cache are not known. */
  readonly listeners: number
  /** Totals of its responses. */
  readonly requests: number
  readonly bytesOut: number
}

/** By channel, in dBFS; -144: digital silence. */
interface LevelStatus {
  readonly peak: readonly number[]
  readonly rms: readonly number[]
}

export interface RecordingStatus {
  /**
   * `recording`: a file is being written. `waiting`: there are no frames. `failing`: no file can be written, and it is tried again.
   * `losing`: files can be written, but not fast enough: frames were lost in the last minute.
   */
  readonly state: 'recording' | 'waiting' | 'failing' | 'losing'
  /** Path of the file; null: none is open, or `-status all`. */
  readonly file: string | null
  /** Time at which it was created. */
  readonly since: string | null
  /** Its bytes so far. */
  readonly bytes: number
  /** Frames that were not recorded, since the program was started or the path added; and when the last ones were lost. */
  readonly framesLost: number
  readonly lostAt: string | null
  /** Why no file can be written, as a part of a sentence: `the disk is full`. */
  readonly why: string | null
}

export interface TitleStatus {
  readonly title: string
  readonly since: string
}

export interface PublisherStatus {
  /** Address and port; null with `-status all`. */
  readonly address: string | null
  /** User name; null: it has given none, or `-status all`. */
  readonly user: string | null
  /** Name of the program, as it states it; null: it has given none. */
  readonly agent: string | null
  /** Time of its first bytes. */
  readonly since: string
}

interface FallbackStatus {
  /** Path of a stream, or of a file or folder; null with `-status all`, except the path of a stream. */
  readonly playing: string | null
  readonly since: string
}

interface RelayStatus {
  /** URL without a password; null with `-status all`. */
  readonly url: string | null
  readonly since: string
}

export interface SourceStatus {
  /** `exec`, `path`, `play`, `demo`, `from`, `relay`, `hub`, `publish` or `standard input`. */
  readonly kind: SourcePlan['kind']
  /**
   * `closed`: no listener is connected. `opening`. `waiting`: open, and waits for its writer or publisher. `open`: bytes
   * arrive. `quiet`: open, but no bytes have arrived for 5 s or more. `retrying`: it has ended or failed, and will be opened
   * again. `ended`: it will not be opened again.
   */
  readonly state: 'closed' | 'opening' | 'waiting' | 'open' | 'quiet' | 'retrying' | 'ended'
  /** Time of the change to this state. */
  readonly since: string
  /** Time at which a source that is retrying is opened again. */
  readonly retryAt: string | null
  /** Command line or path; null with `-status all`, because a command line may contain a password. */
  readonly label: string | null
  /** Files that are skipped because their format does not match the rest, by kind: `12 .m4a; 1 MP3, 48 kHz, stereo`. */
  readonly leftOut: string | null
  /** Number of times that it was opened. */
  readonly openings: number
  /** End of the last connection to the source; null: none has ended yet. */
  readonly lastEnd: { readonly at: string; readonly why: string; readonly failed: boolean } | null
  /** The last lines of the command's standard error, 20 of 500 characters at most, oldest first; none with `-status all`. */
  readonly said: readonly StderrText[]
}

export interface StderrText {
  readonly at: string
  readonly text: string
}

/** Number of listeners in the last hour, one point every `everySeconds` seconds, oldest first. */
export interface ListenerHistory {
  readonly everySeconds: number
  /** Number of the first point here; points are counted from the start of the program. */
  readonly from: number
  readonly listeners: readonly number[]
}

/** A message of `/status/events`: first a whole report, and then changes to merge into it. */
export type StatusNews =
  | ({ readonly whole: true } & StatusReport)
  | ({ readonly whole: false; readonly streams: readonly StreamNews[] } & Omit<StatusReport, 'streams'>)

/** Changes of a stream: its history has only the new points; `said` and `titles` are omitted when they have not changed. */
export interface StreamNews extends Omit<StreamStatus, 'source' | 'titles'> {
  readonly titles?: readonly TitleStatus[]
  readonly source: Omit<SourceStatus, 'said'> & { readonly said?: readonly StderrText[] }
}
