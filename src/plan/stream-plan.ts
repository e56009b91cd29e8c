/**
 * What a stream is to be. Types only: every room may use them, none of them knows the command line, and a plan survives
 * `structuredClone`, which sends it to worker threads. Plans are immutable; a reload makes new ones.
 */
import type { PcmFormat } from '../../filters/pcm-format.ts'
import type { Command } from './command.ts'
import type { StreamHooks } from './hooks.ts'

/** One stream, or all streams below a path. */
export interface StreamPlan {
  /** `/radio.mp3`; `/towers/` with a final slash: the FIFOs of a directory; `/guests/*`: every published path below `/guests/`. */
  readonly path: string
  /** Origin for messages, `main.conf:12`; undefined: the command line. */
  readonly place: string | undefined
  /** The source. Empty for streams below a wildcard that only browsers publish. */
  readonly sources: readonly SourcePlan[]
  /** Who may publish at the path; undefined: publishers other than browsers are refused. */
  readonly publish: PublishPlan | undefined
  readonly fallback: FallbackPlan
  readonly ingest: IngestPlan
  readonly supervision: SupervisionPlan
  /** Size of the ring, in frames; undefined: 10 s or 512 KiB, whichever is more. */
  readonly ringFrames: number | undefined
  readonly rewind: RewindPlan
  readonly recording: RecordingPlan
  /** Undefined: the stream is not offered as HLS. */
  readonly hls: HlsPlan | undefined
  /** Undefined: its frames do not go to the hub. */
  readonly hubPublish: HubPublishPlan | undefined
  readonly delivery: DeliveryPlan
  readonly access: AccessPlan
  readonly hooks: StreamHooks
  readonly silence: SilencePlan
  readonly about: About
  readonly titles: TitlePlan
  readonly page: PagePlan
  /** Effect of a source that has ended for good: the program ends; or the stream stays, and answers that it has ended. */
  readonly whenEnded: 'exit' | 'keep'
}

/** Origin of a stream's bytes. */
export type SourcePlan =
  | { readonly kind: 'exec'; readonly command: Command }
  /** A FIFO, a file, a directory of FIFOs, or standard input by name. */
  | { readonly kind: 'path'; readonly path: string }
  | PlayPlan
  | { readonly kind: 'demo' }
  | FromPlan
  | RelayPlan
  | HubSourcePlan
  /** Publishers send the bytes; see `StreamPlan.publish`. */
  | { readonly kind: 'publish' }
  /** Standard input, because no source is named. With `required`, a terminal or /dev/null is refused. */
  | { readonly kind: 'standard input'; readonly required: boolean }

/** Files that are played one after another. */
interface PlayPlan {
  readonly kind: 'play'
  readonly paths: readonly string[]
  readonly shuffle: boolean
  readonly loop: boolean
  /** Encoding of lists and tags that are not Unicode. */
  readonly tagCharset: string
}

/** The frames of another stream of this program. */
interface FromPlan {
  readonly kind: 'from'
  /** Path of the other stream, without its query. */
  readonly path: string
  /** Form of raw samples, as `?wav` and `?raw` request it; undefined: the default of that stream. */
  readonly form: 'wav' | 'raw' | undefined
  /** Gets the bytes on standard input, and its output is this stream; undefined: this stream has the same frames. */
  readonly command: Command | undefined
}

/** The stream of another server, over HTTP or HTTPS. */
export interface RelayPlan {
  readonly kind: 'relay'
  /** Addresses of the same stream; the next one is used when one fails. */
  readonly urls: readonly string[]
  /** Accept every certificate. */
  readonly insecure: boolean
  /** Encoding of titles and names that are not Unicode. */
  readonly charset: string
}

/** A stream that origins publish to a hub. */
export interface HubSourcePlan {
  readonly kind: 'hub'
  /** Its name on the hub; `*`: every stream there, each at the path of its name. */
  readonly name: string
  /** The same stream at other servers, while the hub has no frames of it; undefined: none. */
  readonly relay: RelayPlan | undefined
}

/** How a stream is published on the hub. */
interface HubPublishPlan {
  /** Its name there; undefined: its path. */
  readonly name: string | undefined
}

/** Who may publish, and how publishers are treated. */
export interface PublishPlan {
  /** User of `password`. */
  readonly user: string
  readonly password: string | undefined
  /** File of users and hashed passwords in the format of htpasswd; undefined: none. */
  readonly usersFile: string | undefined
  /** URL that is asked whether a publisher may publish; undefined: none. */
  readonly url: string | undefined
  /** Publishing needs no password. */
  readonly anybody: boolean
  /** Time without bytes after which a publisher is disconnected, in milliseconds; 0 disables it. */
  readonly timeoutMs: number
  /** Time for which a stream below a wildcard is kept without publisher and listeners, in milliseconds. */
  readonly lingerMs: number
}

/** What listeners hear while the source is away. */
export interface FallbackPlan {
  /** Paths of streams, of files or of folders, in order of preference; empty: nothing. */
  readonly paths: readonly string[]
  /** Time without frames after which the fallback begins, in milliseconds. */
  readonly afterMs: number
}

/** How bytes become frames. */
export interface IngestPlan {
  /** Name of a built-in filter, or the path of a user's own. */
  readonly filter: string
  /** Size of raw frames, or the maximum size of others; undefined: the filter's own. */
  readonly frameBytes: number | undefined
  /** Size of the header at each opening of the source that every listener receives first, in bytes. */
  readonly headerBytes: number
  /** Send a lead-in to listeners that join or skip in MP3. */
  readonly splice: boolean
  /** Raw samples; undefined: the bytes are of another kind, or of an unknown one. */
  readonly samples: Samples | undefined
  /** Media type of responses; undefined: the filter's. */
  readonly contentType: string | undefined
  /** Media type that the names of files or the arguments of a command suggest; undefined: none. */
  readonly likelyType: string | undefined
  /** Output for listeners while the source is away. */
  readonly fill: 'nothing' | 'silence'
  /** Play a file in real time. */
  readonly pace: boolean
}

/** Format of raw samples. */
export interface Samples {
  readonly format: PcmFormat
  /** Requests without `?raw` get WAV. */
  readonly wavByDefault: boolean
}

/** How a source is kept open. */
interface SupervisionPlan {
  /** Open it again when it ends or fails. */
  readonly reopen: boolean
  /** Close it when the last listener disconnects. */
  readonly closeIdle: boolean
  /** Open it at the start, and keep trying without listeners. */
  readonly warm: boolean
  /** Time without bytes after which it is closed, in milliseconds; 0 disables the timeout. */
  readonly maxQuietMs: number
  /** Maximum reading rate, in bytes per second; 0 disables the limit. */
  readonly bytesPerSecond: number
}

/** How far listeners can go back. */
interface RewindPlan {
  /** Time, in milliseconds; 0: as far as the ring reaches anyway. */
  readonly ms: number
  /** Maximum memory, in bytes. */
  readonly bytes: number
}

/** Files that the frames are written to. */
interface RecordingPlan {
  /** Names of the files, with conversions of strftime, `%{stream}` and `%{title}`; undefined: nothing is recorded. */
  readonly pattern: string | undefined
  /** Age at which files are deleted, in milliseconds; undefined: they are kept. */
  readonly keepMs: number | undefined
}

/** Segments and playlists of HLS (RFC 8216). */
interface HlsPlan {
  /** Duration of a segment, in milliseconds. */
  readonly segmentMs: number
  /** Name of the group of streams that are variants of one program; undefined: none. */
  readonly group: string | undefined
}

/** How listeners get frames. */
export interface DeliveryPlan {
  /** Maximum time that frames wait to be written together, in milliseconds; undefined: see `longestTick`. */
  readonly maxDelayMs: number | undefined
  /** Distance from the newest frame at which a listener starts, in milliseconds; undefined: see `burstOf`, or 0 for raw frames. */
  readonly burstMs: number | undefined
  /** Number of frame bytes after which a listener is disconnected; 0 disables the limit. */
  readonly clientMaxBytes: number
  /** Write timeout in milliseconds, after which a listener is disconnected; 0 disables it. */
  readonly clientTimeoutMs: number
}

/** Who may listen, and how many. */
export interface AccessPlan {
  /** File of users and hashed passwords in the format of htpasswd; undefined: none. */
  readonly usersFile: string | undefined
  /** URL that is asked whether a listener may listen; undefined: none. */
  readonly url: string | undefined
  /** Key of signed links; undefined: no link is needed. */
  readonly key: string | undefined
  /** Maximum number of listeners; 0: unlimited. */
  readonly maxListeners: number
  /** URL to which listeners above `maxListeners` are sent; undefined: they are refused. */
  readonly whenFull: string | undefined
  /** Maximum number of listeners with one address, see `networkOf`, and with one user; 0: unlimited. */
  readonly maxPerAddress: number
  readonly maxPerUser: number
}

/** When sound counts as silent. */
interface SilencePlan {
  /** Time below the level, in milliseconds; 0: never. */
  readonly afterMs: number
  /** dBFS. */
  readonly level: number
}

/** Description of a stream by its operator; undefined leaves a field out. */
export interface About {
  readonly name: string | undefined
  readonly description: string | undefined
  readonly genre: string | undefined
  readonly url: string | undefined
}

/** Titles from outside the stream. */
interface TitlePlan {
  /** File whose first line is the current title; undefined: none. */
  readonly file: string | undefined
  /** Encoding of a title that is not Unicode. */
  readonly charset: string
}

/** How browsers and directories see a stream. */
interface PagePlan {
  /** Pages that may show the player in a frame: a value of `frame-ancestors` (CSP). */
  readonly frameAncestors: string
  /** Leave the stream out of the index. */
  readonly hidden: boolean
  /** List the stream in directories. */
  readonly public: boolean
  /** File with the picture of the station; undefined: none. */
  readonly picture: string | undefined
}
