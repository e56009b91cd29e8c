import { opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { stat } from '../../system/file-calls.ts'
import { pathOfBytes, systemPath } from '../../text/byte-path.ts'

/** Maximum number of entries of a folder that are compared. */
const MAX_ENTRIES = 250_000

/**
 * Finds a path from a command line or a file of flags. Node.js decodes both as UTF-8, with replacement characters for other
 * bytes; such a name is found by comparing it with the decoded names in its folder.
 * @returns the unchanged path when no name matches
 */
export async function findGiven(given: string): Promise<string> {
  if (!given.includes('\ufffd') || (await exists(given))) return given
  let found = given.startsWith('/') ? '/' : '.'
  for (const part of given.split('/').filter((name) => name !== '')) {
    const name = part.includes('\ufffd') ? await entryNamed(part, found).catch(() => undefined) : part
    if (name === undefined) return given
    found = join(found, name)
  }
  return found
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}

async function entryNamed(part: string, folder: string): Promise<string | undefined> {
  let compared = 0
  for await (const { name } of await opendir(systemPath(folder), { encoding: 'latin1' })) {
    const bytes = Buffer.from(name, 'latin1')
    if (bytes.toString() === part) return pathOfBytes(bytes)
    if (++compared >= MAX_ENTRIES) break
  }
  return undefined
}
