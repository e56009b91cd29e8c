import { stat } from 'node:fs/promises'
import type { Logger } from '@logtape/logtape'
import { type Clock, pause } from '../../system/clock.ts'
import { shownPath, systemPath } from '../../text/byte-path.ts'
import { type Opening, type Source, SourceError } from '../source.ts'
import { countTracks } from './count-tracks.ts'
import { findGiven } from './given-path.ts'
import { createFileSource } from './regular-file.ts'
import { createRounds } from './rounds.ts'
import type { Examine } from './sound.ts'
import { createSoundSurvey } from './sound-survey.ts'
import { titleOf, titleWithoutTags } from './track-title.ts'
import { locate, type Track, tracksBelow } from './tracks.ts'
import { createTurns } from './turns.ts'
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

/** A located track whose tags are being read. */
interface Ready {
  readonly track: Track
  readonly title: Promise<string>
}

/**
 * Makes a source that plays files in order, one per opening: the named files, those in named folders, and the entries of named
 * M3U and PLS lists. The files are looked up at the beginning of each round.
 * @param examine if set, only files of one format are played: that of most of the sound.
 * @throws SourceError when a path does not exist, cannot be read, or has nothing to play
 */
export async function createPlaylistSource(
  given: readonly string[],
  { shuffle, loop, tagCharset }: PlayOptions,
  clock: Clock,
  log: Logger,
  examine?: Examine,
  random: () => number = Math.random,
): Promise<Source> {
  const complaints = createWarnings(log)
  const paths = await Promise.all(given.map(findGiven))
  const { warn } = complaints
  const lengthAtLaunch = await countTracks(paths, { tagCharset, warn }, examine)
  const survey = examine && createSoundSurvey(examine, clock, () => logLeftOut())
  let loggedLeftOut: string | undefined
  const lookUpAll = async () => {
    complaints.renew()
    const others = new Map<string, number>()
    const leaveOut = (extension: string) => others.set(extension, (others.get(extension) ?? 0) + 1)
    const tracks = await tracksBelow(paths, { tagCharset, warn, leaveOut })
    await survey?.begin(tracks, others)
    return tracks
  }
  // Also at launch, so that a large folder has been read, and omitted files are known, before the first listener connects.
  let atLaunch: Promise<readonly Track[]> | undefined = survey && lookUpAll()
  atLaunch?.then(
    () => (atLaunch = undefined),
    () => (atLaunch = undefined),
  )
  const list = () => atLaunch ?? lookUpAll()
  const rounds = createRounds(list, shuffle ? random : undefined)
  const turns = createTurns(rounds, survey, loop, warn)
  /** The next track. Its tags are read while the current one plays, however slow the disk is. */
  let ahead: Promise<{ readonly listed: Track; readonly ready: Ready } | undefined> = Promise.resolve(undefined)

  function logLeftOut(): void {
    const files = survey?.leftOut
    if (files !== undefined && files !== loggedLeftOut)
      log.warn('files left out: they cannot follow the others', { plays: survey?.chosen?.name ?? 'nothing', files })
    loggedLeftOut = files
  }

  async function prepareNext() {
    const listed = await turns.next()
    return listed && { listed, ready: await prepare(listed) }
  }

  async function prepare(listed: Track): Promise<Ready> {
    const track = await locate(listed)
    return { track, title: titleOf(track, tagCharset) }
  }

  async function openTrack({ track, title: reading }: Ready, signal: AbortSignal): Promise<Opening> {
    await refuseNoFile(track.path)
    const { chunks } = await createFileSource(track.path).open(signal)
    const title = await inTime(reading, track)
    ahead = prepareNext()
    return { chunks: played(chunks, signal), title, about: { file: shownPath(track.path) } }
  }

  async function inTime(reading: Promise<string>, track: Track): Promise<string> {
    const waiting = new AbortController()
    const late = pause(clock, TAGS_MS, waiting.signal).then(() => titleWithoutTags(track))
    const title = await Promise.race([reading, late])
    waiting.abort()
    return title
  }

  async function* played(chunks: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of chunks) {
        for (let at = 0; at < chunk.length && !signal.aborted; at += CHUNK_BYTES)
          yield chunk.subarray(at, at + CHUNK_BYTES)
      }
    } finally {
      // An interrupted file is played again from its beginning when listeners return.
      if (!signal.aborted) rounds.advance()
    }
  }

  return {
    label:
      paths.length === 1 ? shownPath(String(paths[0])) : `${shownPath(String(paths[0]))} and ${paths.length - 1} more`,
    paced: true,
    alike: true,
    get chosenFormat() {
      return survey?.chosen?.format
    },
    get leftOut() {
      return survey?.leftOut
    },
    get once() {
      return !loop && rounds.isOver
    },
    release: () => survey?.stop(),
    get tries() {
      return rounds.length || lengthAtLaunch
    },
    async open(signal) {
      const found = await ahead
      const track = await turns.current()
      try {
        return await openTrack(found?.listed === track ? found.ready : await prepare(track), signal)
      } catch (error) {
        rounds.advance()
        throw error
      }
    },
  }
}

async function refuseNoFile(path: string): Promise<void> {
  const entry = await stat(systemPath(path)).catch((error: Error) => {
    throw new SourceError(error.message, { cause: error })
  })
  // Opening a FIFO would block forever.
  if (!entry.isFile()) throw new SourceError(`${shownPath(path)} is no file`)
}
