import type { Dirent } from 'node:fs'
import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { pathOfBytes, shownPath, systemPath } from '../../text/byte-path.ts'
import { inNaturalOrder } from './natural-order.ts'
import { isSound, otherSound } from './sound-names.ts'
import type { Warn } from './warnings.ts'

/** Number of entries read from the system, or handled, before yielding to other work. */
const AT_ONCE = 500
/** Maximum number of folders below a folder, and of entries of one folder, that are examined. */
const MAX_ENTRIES = 250_000

/** Options of a walk through a folder. */
interface WalkOptions {
  readonly warn: Warn
  /** Maximum number of files found. */
  readonly max: number
  /** Takes the extension of each sound file that cannot be played. */
  readonly leaveOut: (extension: string) => void
}

interface Entry {
  readonly name: string
  readonly kind: 'file' | 'folder' | 'link'
}

/** State of a walk: its options and the files found. */
interface Walk extends WalkOptions {
  readonly files: string[]
  /** Visited folders by device and inode, not by name, because links may lead back. */
  readonly folders: Set<string>
  handled: number
}

/**
 * Returns the sound files in a folder and in the folders below it, in natural order, by their extensions. Hidden entries are
 * left out. Links are followed, but each folder is examined once, however many links lead to it.
 */
export async function soundFilesBelow(folder: string, options: WalkOptions): Promise<readonly string[]> {
  const walk: Walk = { files: [], folders: new Set(), handled: 0, ...options }
  await walkFolder(folder, walk)
  return walk.files
}

async function walkFolder(folder: string, walk: Walk): Promise<void> {
  if (walk.folders.size >= MAX_ENTRIES) return
  try {
    const { dev, ino } = await stat(systemPath(folder), { bigint: true })
    if (walk.folders.has(`${dev}:${ino}`)) return
    walk.folders.add(`${dev}:${ino}`)
    for (const entry of await inNaturalOrder(await entriesOf(folder, walk), ({ name }) => name)) {
      if (walk.files.length >= walk.max) return
      await addEntry(entry, folder, walk)
    }
  } catch (error) {
    walk.warn('folder not read', { folder: shownPath(folder), error: (error as Error).message })
  }
}

/** Returns the entries that may be played or lead to such files. Other entries are not kept, however many there are. */
async function entriesOf(folder: string, { max, leaveOut }: WalkOptions): Promise<Entry[]> {
  const entries: Entry[] = []
  let files = 0
  // In Latin-1 each byte of a name is a character: names need not be UTF-8.
  for await (const entry of await opendir(systemPath(folder), { bufferSize: AT_ONCE, encoding: 'latin1' })) {
    const kind = kindOf(entry)
    if (entry.name.startsWith('.') || kind === undefined) continue
    const name = pathOfBytes(Buffer.from(entry.name, 'latin1'))
    if (kind === 'file' && !isSound(name)) {
      const extension = otherSound(name)
      if (extension !== undefined) leaveOut(extension)
      continue
    }
    entries.push({ name, kind })
    if (kind === 'file') files++
    if (files >= max || entries.length >= MAX_ENTRIES) break
  }
  return entries
}

function kindOf(entry: Dirent): Entry['kind'] | undefined {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'folder'
  return entry.isSymbolicLink() ? 'link' : undefined
}

async function addEntry({ name, kind }: Entry, folder: string, walk: Walk): Promise<void> {
  if (++walk.handled % AT_ONCE === 0) await yieldToEventLoop()
  const path = join(folder, name)
  if (kind === 'folder') return walkFolder(path, walk)
  // A dangling link is ignored.
  const target = kind === 'file' ? undefined : await stat(systemPath(path)).catch(() => undefined)
  if (target?.isDirectory()) return walkFolder(path, walk)
  if ((kind === 'file' || target?.isFile() === true) && isSound(name)) walk.files.push(path)
}
