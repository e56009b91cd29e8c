import type { SaidLine } from './last-lines.ts'

/**
 * Where a stream's bytes come from. A source opens, yields chunks and closes; it never retries. A supervisor reopens it.
 */
export interface Source {
  /** What it is, for the log: the command line without its secrets, or the path. */
  readonly label: string
  /** Opening it waits until there is something to read, so that it may be opened again at once when it ends. */
  readonly patient?: boolean
  /** What has ended once cannot be opened again: standard input, or the last file of a list. */
  readonly once?: boolean
  /** Its bytes wait to be read, as those of a file do, so that frames are to go out at the speed of sound. */
  readonly paced?: boolean
  /** All its openings are of one format, so that listeners may stay: one that is of another is refused. */
  readonly alike?: boolean
  /** With `alike`: the format that the source has chosen, as `Sound.format` names it. An opening of it is never refused. */
  readonly chosenFormat?: string | undefined
  /** Files that it leaves out, by kind, for people: `12 .m4a; 1 MP3, 48 kHz, stereo`. Undefined: none. */
  readonly leftOut?: string | undefined
  /** So many openings in a row may fail before there is a pause between two: the files of a list. */
  readonly tries?: number
  /** What its openings have said last, oldest first; another array whenever there is something new. Undefined: it cannot say a thing. */
  readonly said?: readonly SaidLine[]
  /**
   * Opens it once. The caller iterates the chunks in any case. The chunks are given away as they are yielded: their bytes never change afterwards.
   * An abort ends them; when they have ended, everything the opening made (child, descriptor) is gone.
   * @param level of what the opening logs by itself: `debug` while repeats of a failure are folded.
   * @throws SourceError, from here or from the chunks, when the source fails.
   */
  open(signal: AbortSignal, level?: 'info' | 'debug'): Promise<Opening>
  /** Gives up what is kept between two openings. */
  release?(): void
}

/** One opening of a source. */
export interface Opening {
  readonly chunks: AsyncIterable<Buffer>
  /** What it plays, in one line, if that is known. */
  readonly title?: string
  /** What the first chunk waits for: `a writer`. Undefined: bytes are expected at once. */
  readonly waitsFor?: string | undefined
  /** What tells this opening from others, for the log: the pid. */
  readonly about: Readonly<Record<string, unknown>>
}

/** A source could not be opened, or ended otherwise than by its end. The message says why, in one line. */
export class SourceError extends Error {
  override readonly name = 'SourceError'
}
