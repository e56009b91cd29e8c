import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import type { Complain } from './complaints.ts'
import { isM3u, m3uEntries } from './m3u.ts'
import { soundFilesBelow } from './sound-files.ts'

/** One file that is to be played. */
export interface Track {
  readonly path: string
  /** What a list says it is; what the file itself says counts for more. */
  readonly listedTitle?: string | undefined
}

/** A list of more bytes is none: it would take seconds to read. */
const MAX_LIST_BYTES = 16 * 2 ** 20
/** So many entries are read before others get a turn. */
const AT_ONCE = 500
/** So many entries that are no files are named. */
const NAMED = 5

/**
 * What there is to play now: a file is itself, a folder the sound in it, an M3U its entries.
 * A file that is not there is no trouble yet: it is named when its turn comes.
 */
export async function tracksAt(path: string, complain: Complain): Promise<readonly Track[]> {
  const entry = await stat(path).catch(() => undefined)
  if (entry?.isDirectory()) return (await soundFilesBelow(path, complain)).map((file) => ({ path: file }))
  if (!isM3u(path)) return [{ path }]
  if (entry?.isFile() && entry.size <= MAX_LIST_BYTES) return tracksInList(path, complain)
  complain('list cannot be read', { list: path, cause: entry === undefined ? 'it is gone' : 'it is too large' })
  return []
}

async function tracksInList(list: string, complain: Complain): Promise<readonly Track[]> {
  const tracks: Track[] = []
  const skipped: string[] = []
  try {
    for (const { text, path, title } of m3uEntries(await readFile(list), dirname(list))) {
      if (path === undefined) skipped.push(text)
      else tracks.push({ path, listedTitle: title })
      if (tracks.length % AT_ONCE === 0) await breathe()
    }
  } catch (error) {
    complain('list cannot be read', { list, cause: (error as Error).message })
  }
  if (skipped.length > 0)
    complain('entries of a list are skipped: only files are played', { list, entries: some(skipped) })
  return tracks
}

function some(entries: readonly string[]): string {
  const more = entries.length - NAMED
  return `${entries.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
