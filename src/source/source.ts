import type { About } from '../plan/stream-plan.ts'
import type { StderrLine } from './exec/last-lines.ts'

/** Origin of a stream's bytes. A source opens, yields chunks and closes; it never retries. A supervisor reopens it. */
export interface Source {
  /** Name for the log: the command line without its secrets, or the path. */
  readonly label: string
  /** An opening waits until there is something to read, so it may be reopened at once when it ends. */
  readonly patient?: boolean
  /** Once ended, it cannot be opened again: standard input, or the last file of a list. */
  readonly once?: boolean
  /** Its bytes are available at once, as those of a file are, so its frames are to be emitted in real time. */
  readonly paced?: boolean
  /** All its openings must have one format, so that listeners may stay: an opening of another format is refused. */
  readonly alike?: boolean
  /** With `alike`: the format that the source has chosen, see `Sound.format`. An opening in this format is never refused. */
  readonly chosenFormat?: string | undefined
  /** Omitted files by kind, for display: `12 .m4a; 1 MP3, 48 kHz, stereo`. Undefined: none. */
  readonly leftOut?: string | undefined
  /**
   * Bytes that arrive while it is not read wait, and are one chunk then, as those of a pipe are: reading may pause until frames are written.
   * Of other sources small pieces would be read in real time, also those of a time before.
   */
  readonly mayPause?: boolean
  /**
   * Maximum lead of its bytes over real time, in milliseconds: a faster source is read more slowly, where frames have a duration.
   * Undefined: no limit.
   */
  readonly maxLeadMs?: number
  /** Time without bytes after which it is closed where the operator has no limit, in milliseconds. Undefined: never. */
  readonly maxQuietMs?: number
  /** Number of consecutive openings that may fail before a pause: the number of files of a list. */
  readonly tries?: number
  /**
   * Last lines of standard error, oldest first; a new array whenever a line was added. Undefined: the source has no standard
   * error.
   */
  readonly stderrTail?: readonly StderrLine[]
  /**
   * Opens it once. The caller always iterates the chunks. Each is handed over: the source never changes its bytes afterwards.
   * An abort ends them; when they have ended, everything that the opening created (child, descriptor) has been released.
   * @param level for the opening's own log lines: `debug` while repeats of a failure are folded.
   * @throws SourceError, from here or from the chunks, when the source fails; from here also at an abort while it connects.
   */
  open(signal: AbortSignal, level?: 'info' | 'debug'): Promise<SourceConnection>
  /** Releases resources kept between two openings. */
  release?(): void
}

/** One connection to a source, from its opening to its end. */
export interface SourceConnection {
  readonly chunks: AsyncIterable<Buffer>
  /** Title of its content, in one line, if known. */
  readonly title?: string
  /** Path of the file that is played, which may contain a picture; see byte-path.ts. Undefined: it plays none. */
  readonly file?: string
  /** Cause of the wait for the first chunk: `writer`. Undefined: bytes are expected at once. */
  readonly waitsFor?: string | undefined
  /** Fields that identify this opening in the log, such as the pid. */
  readonly about: Readonly<Record<string, unknown>>
  /**
   * Returns a title that is valid from the last chunk on, in one line, once; undefined: it has not changed. Empty: the title is
   * unknown from here on. Called after each chunk was taken from `chunks`, before its bytes are used.
   */
  takeTitle?(): string | undefined
  /** Returns how the other end describes the stream from now on, once; undefined: it has not changed. Called as `takeTitle` is. */
  takeAbout?(): Partial<About> | undefined
  /**
   * Origin of the bytes that arrive now. It may be a getter: it is read when the first bytes arrive, and when it is shown.
   */
  readonly peer?: SourcePeer | undefined
  /** Called once its opening has ended, whatever the cause. @param reason in one line, as logged */
  closed?(reason: string): void
}

/** Other end of a source's connection: a publisher, another server or another stream. */
export interface SourcePeer {
  readonly kind: 'publisher' | 'relay' | 'stream' | 'hub'
  /** Address and port of a publisher, URL without its password, path of a stream, or name of an origin on the hub. */
  readonly name: string
  /** User that a publisher has named; undefined: none. */
  readonly user?: string | undefined
  /** Program of a publisher, as it states it. */
  readonly agent?: string | undefined
  /** How it describes the stream, where the stream has no description of its own. */
  readonly about?: Partial<About>
  /** Media type that it states, for bytes whose format is not recognised. */
  readonly contentType?: string | undefined
  /** `bitrate=128;samplerate=44100`, as a publisher states it in `ice-audio-info`. */
  readonly audioInfo?: string | undefined
}

/** A source could not be opened, or ended other than by reaching its end. The message has the reason, in one line. */
export class SourceError extends Error {
  override readonly name = 'SourceError'
}
