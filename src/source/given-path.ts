import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pathOfBytes, systemPath } from '../text/byte-path.ts'

/** Maximum entries of a folder that are compared. */
const MAX_ENTRIES = 250_000

/**
 * The path that a command line or a file of flags names. Node.js reads both as UTF-8: bytes of a name that are not have become
 * replacement characters, and the name is looked up by what is left of it.
 * @returns the path as it was given when nothing fits
 */
export async function findGiven(given: string): Promise<string> {
  if (!given.includes('\ufffd') || (await isThere(given))) return given
  let found = given.startsWith('/') ? '/' : '.'
  for (const part of given.split('/').filter((name) => name !== '')) {
    const name = part.includes('\ufffd') ? await entryLike(part, found).catch(() => undefined) : part
    if (name === undefined) return given
    found = join(found, name)
  }
  return found
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}

async function entryLike(part: string, folder: string): Promise<string | undefined> {
  let looked = 0
  for await (const { name } of await opendir(systemPath(folder), { encoding: 'latin1' })) {
    const bytes = Buffer.from(name, 'latin1')
    if (bytes.toString() === part) return pathOfBytes(bytes)
    if (++looked >= MAX_ENTRIES) break
  }
  return undefined
}
