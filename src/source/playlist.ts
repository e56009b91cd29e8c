import { stat } from 'node:fs/promises'
import type { Logger } from '@logtape/logtape'
import type { Clock } from '../clock.ts'
import { createComplaints } from './complaints.ts'
import { countTracks } from './count-tracks.ts'
import { createFileSource } from './regular-file.ts'
import { createRounds } from './rounds.ts'
import { type Opening, type Source, SourceError } from './source.ts'
import { loadTitles } from './track-title.ts'
import { type Track, tracksAt } from './tracks.ts'

/** How a list is gone through. */
export interface PlayOrder {
  /** In another order in each round. */
  readonly shuffle: boolean
  /** Round after round, for ever. */
  readonly loop: boolean
}

/** A chunk lasts no longer than a few seconds, so that it need not be kept for long after its first frame was played. In bytes. */
const CHUNK_BYTES = 16 * 1024

/**
 * Files one after the other, one at each opening: those that are named, those in the folders that are named, and the entries
 * of the M3U lists that are named. What there is to play is looked up at the beginning of each round.
 * @throws SourceError when something that is named is not there, cannot be read, or has nothing to play in it
 */
export async function createPlaylistSource(
  paths: readonly string[],
  { shuffle, loop }: PlayOrder,
  clock: Clock,
  log: Logger,
  random: () => number = Math.random,
): Promise<Source> {
  const complaints = createComplaints(log)
  const { complain } = complaints
  const lengthAtLaunch = await countTracks(paths, complain)
  const titleOf = await loadTitles(clock)
  const list = async () => {
    complaints.renew()
    const lists: (readonly Track[])[] = []
    for (const path of paths) lists.push(await tracksAt(path, complain))
    return lists.flat()
  }
  const rounds = createRounds(list, shuffle ? random : undefined)
  let ahead: { readonly track: Track; readonly title: Promise<string> } | undefined

  async function openTrack(track: Track, signal: AbortSignal): Promise<Opening> {
    await refuseNoFile(track.path)
    const reading = ahead?.track === track ? ahead.title : titleOf(track)
    const [{ chunks }, title] = await Promise.all([createFileSource(track.path).open(signal), reading])
    const next = rounds.following()
    ahead = next && { track: next, title: titleOf(next) }
    return { chunks: played(chunks, signal), title, about: { file: track.path } }
  }

  async function* played(chunks: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of chunks) {
        for (let at = 0; at < chunk.length && !signal.aborted; at += CHUNK_BYTES)
          yield chunk.subarray(at, at + CHUNK_BYTES)
      }
    } finally {
      // What nobody wanted to hear to its end begins again when somebody comes.
      if (!signal.aborted) rounds.advance()
    }
  }

  return {
    label: paths.length === 1 ? String(paths[0]) : `${paths[0]} and ${paths.length - 1} more`,
    paced: true,
    alike: true,
    get once() {
      return !loop && rounds.isOver
    },
    get tries() {
      return rounds.length || lengthAtLaunch
    },
    async open(signal) {
      const track = await rounds.current()
      try {
        return await openTrack(track, signal)
      } catch (error) {
        rounds.advance()
        throw error
      }
    },
  }
}

async function refuseNoFile(path: string): Promise<void> {
  const entry = await stat(path).catch((error: Error) => {
    throw new SourceError(error.message, { cause: error })
  })
  // A FIFO would be waited for without end.
  if (!entry.isFile()) throw new SourceError(`${path} is no file`)
}
