import { stat } from 'node:fs/promises'
import type { Logger } from '@logtape/logtape'
import { type Clock, inTime } from '../../system/clock.ts'
import { shownPath, systemPath } from '../../text/byte-path.ts'
import { type Source, type SourceConnection, SourceError } from '../source.ts'
import { fileFailure } from '../system-failure.ts'
import { countTracks } from './count-tracks.ts'
import { findGiven } from './given-path.ts'
import { createFileSource } from './regular-file.ts'
import { Rounds } from './rounds.ts'
import type { Examine } from './sound.ts'
import { TrackList } from './track-list.ts'
import { titleOf, titleWithoutTags } from './track-title.ts'
import { locate, type Track } from './tracks.ts'
import { Turns } from './turns.ts'
import { createWarnings } from './warnings.ts'

/** Options for playing a list. */
export interface PlayOptions {
  /** Shuffle each round. */
  readonly shuffle: boolean
  /** Repeat forever. */
  readonly loop: boolean
  /** Encoding of tags and lists that are not Unicode. */
  readonly tagCharset: string
}

/** Maximum time that an opened file waits for its tags, in milliseconds. After that it plays under its file name. */
const TAGS_MS = 250
/**
 * Size of a chunk, in bytes: it lasts a few seconds at most, so that its memory is freed soon after its first frame was played.
 */
const CHUNK_BYTES = 16 * 1024

/**
 * Makes a source that plays files in order, one per opening: the named files, those in named folders, and the entries of named
 * M3U and PLS lists. The files are looked up at the beginning of each round.
 * @param examine if set, only files of one format are played: that of most of the sound.
 * @throws SourceError when a path does not exist, cannot be read, or has nothing to play
 */
export async function createPlaylistSource(
  given: readonly string[],
  options: PlayOptions,
  clock: Clock,
  log: Logger,
  examine?: Examine,
  random: () => number = Math.random,
): Promise<Source> {
  const { shuffle, loop, tagCharset } = options
  const warnings = createWarnings(log)
  const { warn } = warnings
  const paths = await Promise.all(given.map(findGiven))
  const lengthAtLaunch = await countTracks(paths, { tagCharset, warn }, examine)
  const list = new TrackList(paths, tagCharset, examine, clock, warnings, log)
  const rounds = new Rounds(() => list.current(), shuffle ? random : undefined)
  const turns = new Turns(rounds, list.survey, loop, warn)
  return new PlaylistSource({ label: labelOf(paths), options, clock, list, rounds, turns, lengthAtLaunch })
}

function labelOf(paths: readonly string[]): string {
  const first = shownPath(String(paths[0]))
  return paths.length === 1 ? first : `${first} and ${paths.length - 1} more`
}

/** Parts of a playlist. */
interface Playlist {
  readonly label: string
  readonly options: PlayOptions
  readonly clock: Clock
  readonly list: TrackList
  readonly rounds: Rounds
  readonly turns: Turns
  /** Number of files at launch. */
  readonly lengthAtLaunch: number
}

/** A located track whose tags are being read. */
interface Prepared {
  /** The track as the list has it. */
  readonly listed: Track
  readonly track: Track
  readonly title: Promise<string>
}

class PlaylistSource implements Source {
  readonly paced = true
  readonly alike = true
  readonly #playlist: Playlist
  /** The next track. Its tags are read while the current one plays, however slow the disk is. */
  #next: Promise<Prepared | undefined> = Promise.resolve(undefined)

  constructor(playlist: Playlist) {
    this.#playlist = playlist
  }

  get label(): string {
    return this.#playlist.label
  }

  get chosenFormat(): string | undefined {
    return this.#playlist.list.survey?.chosen?.format
  }

  get leftOut(): string | undefined {
    return this.#playlist.list.survey?.leftOut
  }

  get once(): boolean {
    return !this.#playlist.options.loop && this.#playlist.rounds.isOver
  }

  get tries(): number {
    return this.#playlist.rounds.length || this.#playlist.lengthAtLaunch
  }

  release(): void {
    this.#playlist.list.survey?.stop()
  }

  async open(signal: AbortSignal): Promise<SourceConnection> {
    const next = await this.#next
    const track = await this.#playlist.turns.current()
    try {
      return await this.#openTrack(next?.listed === track ? next : await this.#prepare(track), signal)
    } catch (error) {
      this.#playlist.rounds.advance()
      throw error
    }
  }

  async #openTrack({ track, title: reading }: Prepared, signal: AbortSignal): Promise<SourceConnection> {
    await refuseNoFile(track.path)
    const { chunks } = await createFileSource(track.path).open(signal)
    const title = (await inTime(this.#playlist.clock, TAGS_MS, reading)) ?? titleWithoutTags(track)
    this.#next = this.#prepareNext()
    return { chunks: this.#played(chunks, signal), title, file: track.path, about: { file: shownPath(track.path) } }
  }

  async #prepareNext(): Promise<Prepared | undefined> {
    const listed = await this.#playlist.turns.next()
    return listed && this.#prepare(listed)
  }

  async #prepare(listed: Track): Promise<Prepared> {
    const track = await locate(listed)
    return { listed, track, title: titleOf(track, this.#playlist.options.tagCharset) }
  }

  async *#played(chunks: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of chunks) {
        for (let at = 0; at < chunk.length && !signal.aborted; at += CHUNK_BYTES)
          yield chunk.subarray(at, at + CHUNK_BYTES)
      }
    } finally {
      // An interrupted file is played again from its beginning when listeners return.
      if (!signal.aborted) this.#playlist.rounds.advance()
    }
  }
}

async function refuseNoFile(path: string): Promise<void> {
  const entry = await stat(systemPath(path)).catch((error: Error) => {
    throw fileFailure(error, shownPath(path))
  })
  // Opening a FIFO would block forever.
  if (!entry.isFile()) throw new SourceError(`${shownPath(path)} is not a file`)
}
