import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { printable } from '../printable.ts'
import type { Complain } from './complaints.ts'
import { isM3u } from './m3u.ts'
import { SourceError } from './source.ts'
import { tracksAt } from './tracks.ts'

/** How many files there are to play now. @throws SourceError about a path that gives none */
export async function countTracks(paths: readonly string[], complain: Complain): Promise<number> {
  let count = 0
  for (const path of paths) {
    const entry = await stat(path).catch((error: NodeJS.ErrnoException) => {
      throw new SourceError(printable(error.code === 'ENOENT' ? `${path} does not exist` : error.message))
    })
    if (!entry.isFile() && !entry.isDirectory()) throw refusal(path, 'is neither a file nor a folder')
    await access(path, constants.R_OK).catch(() => {
      throw refusal(path, 'may not be read by this user')
    })
    const { length } = await tracksAt(path, complain)
    if (length === 0) throw refusal(path, isM3u(path) ? 'has no entry that is a file' : 'has no file of sound in it')
    count += length
  }
  return count
}

function refusal(path: string, why: string): SourceError {
  return new SourceError(printable(`${path} ${why}`))
}
