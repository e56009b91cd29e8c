import type { Dirent } from 'node:fs'
import { opendir, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import type { Complain } from './complaints.ts'
import { inNaturalOrder } from './natural-order.ts'

/** What files of the formats that can be played are called, in small letters. */
const EXTENSIONS = new Set(
  ['mp3', 'mp2', 'mp1', 'mpa', 'mpga', 'aac', 'adts', 'ogg', 'oga', 'opus', 'spx', 'flac', 'wav', 'wave'].map(
    (extension) => `.${extension}`,
  ),
)
/** So many entries are asked of the system at a time. */
const AT_ONCE = 500

/** What is found below a folder, and what is needed to find it. */
interface Walk {
  readonly files: string[]
  /** The folders that were seen, by what they are, not by what they are called: links may lead back. */
  readonly folders: Set<string>
  readonly complain: Complain
}

/**
 * The files of sound in a folder and in the folders below it, in natural order, by their extensions. What is hidden is left
 * out. Links are followed, but each folder is looked at once, by whatever ways it can be reached.
 */
export async function soundFilesBelow(folder: string, complain: Complain): Promise<readonly string[]> {
  const walk: Walk = { files: [], folders: new Set(), complain }
  await lookInto(folder, walk)
  return walk.files
}

async function lookInto(folder: string, walk: Walk): Promise<void> {
  try {
    const { dev, ino } = await stat(folder, { bigint: true })
    if (walk.folders.has(`${dev}:${ino}`)) return
    walk.folders.add(`${dev}:${ino}`)
    for (const entry of await inNaturalOrder(await entriesOf(folder), ({ name }) => name))
      await take(entry, folder, walk)
  } catch (error) {
    walk.complain('folder cannot be read', { folder, cause: (error as Error).message })
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  const entries: Dirent[] = []
  for await (const entry of await opendir(folder, { bufferSize: AT_ONCE })) {
    if (!entry.name.startsWith('.')) entries.push(entry)
  }
  return entries
}

async function take(entry: Dirent, folder: string, walk: Walk): Promise<void> {
  const path = join(folder, entry.name)
  // A link that leads nowhere is nothing.
  const target = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry
  if (target?.isDirectory()) return lookInto(path, walk)
  if (!target?.isFile() || !EXTENSIONS.has(extname(entry.name).toLowerCase())) return
  walk.files.push(path)
  if (walk.files.length % AT_ONCE === 0) await breathe()
}
