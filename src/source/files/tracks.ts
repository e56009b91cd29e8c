import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { shownPath, systemPath } from '../../text/byte-path.ts'
import { createListReader, isList, type ListEntry } from './list-entries.ts'
import { readListFile } from './list-file.ts'
import { soundFilesBelow } from './sound-files.ts'
import type { Warn } from './warnings.ts'

/** A file to be played. */
export interface Track {
  /** See byte-path.ts. */
  readonly path: string
  /** Alternative paths, because an entry of a list can be read in several ways. */
  readonly otherPaths?: readonly string[] | undefined
  /** The title in a list; the file's own title takes precedence. */
  readonly listedTitle?: string | undefined
}

/** Options for looking up paths. */
export interface LookUp {
  /** Encoding of lists that are not Unicode. */
  readonly tagCharset: string
  readonly warn: Warn
  /** Takes the extension of each sound file in a folder that cannot be played. */
  readonly leaveOut: (extension: string) => void
}

/** Maximum number of files of one round: each takes about 150 bytes of memory. */
const MAX_TRACKS = 250_000
/** Number of entries handled before yielding to other work. */
const AT_ONCE = 1_000
/** Maximum number of lines of a list that begin with `#` and are lookedUp up as files. */
const MAX_DOUBTFUL = 1_000
/** Maximum number of entries listed in one warning. */
const NAMED = 5

/** Returns the tracks below several paths, in their order. */
export async function tracksBelow(paths: readonly string[], lookUp: LookUp): Promise<readonly Track[]> {
  const lists: (readonly Track[])[] = []
  let left = MAX_TRACKS
  for (const path of paths) {
    const tracks = await tracksAt(path, lookUp, left)
    left -= tracks.length
    lists.push(tracks)
  }
  if (left <= 0) lookUp.warn('file limit reached', { max: MAX_TRACKS })
  return lists.flat()
}

/**
 * Returns the tracks to play now: a file itself, the sound files in a folder, the entries of an M3U or PLS list.
 * A missing file is not an error yet: it is reported when it is to be played.
 * @param max maximum number of files; further ones are left out.
 */
export async function tracksAt(path: string, lookUp: LookUp, max: number): Promise<readonly Track[]> {
  const entry = await stat(systemPath(path)).catch(() => undefined)
  if (entry?.isDirectory()) return (await soundFilesBelow(path, { ...lookUp, max })).map((file) => ({ path: file }))
  if (!isList(path)) return [{ path }]
  if (entry?.isFile()) return tracksInList(path, lookUp, max)
  lookUp.warn('list not read', { list: shownPath(path), error: 'no such file' })
  return []
}

async function tracksInList(path: string, { tagCharset, warn }: LookUp, max: number): Promise<readonly Track[]> {
  const list = shownPath(path)
  const reader = createListReader(path, dirname(path), tagCharset, max)
  try {
    const { isCut } = await readListFile(path, (bytes) => reader.line(bytes))
    if (isCut) warn('list truncated', { list })
  } catch (error) {
    warn('list not read', { list, error: (error as Error).message })
  }
  const entries = reader.entries()
  const skipped = entries.filter(({ paths }) => paths.length === 0).map(({ text }) => text)
  if (skipped.length > 0) warn('list entries skipped', { list, entries: firstOf(skipped) })
  return withoutComments(entries)
}

async function withoutComments(entries: readonly ListEntry[]): Promise<readonly Track[]> {
  const tracks: Track[] = []
  let lookedUp = 0
  for (const [at, { paths, title, isDoubtful }] of entries.entries()) {
    if (at % AT_ONCE === 0) await yieldToEventLoop()
    const [path, ...otherPaths] = paths
    if (path === undefined) continue
    if (isDoubtful && (lookedUp++ >= MAX_DOUBTFUL || (await fileAmong(paths)) === undefined)) continue
    tracks.push({ path, listedTitle: title, otherPaths: otherPaths.length === 0 ? undefined : otherPaths })
  }
  return tracks
}

/** Returns the track with the first of its paths that is a file, if there is one. */
export async function locate(track: Track): Promise<Track> {
  const { otherPaths } = track
  const path = otherPaths && (await fileAmong([track.path, ...otherPaths]))
  return path === undefined || path === track.path ? track : { ...track, path }
}

async function fileAmong(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const entry = await stat(systemPath(path)).catch(() => undefined)
    if (entry?.isFile()) return path
  }
  return undefined
}

function firstOf(entries: readonly string[]): string {
  const more = entries.length - NAMED
  return `${entries.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
