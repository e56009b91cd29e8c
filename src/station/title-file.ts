import { constants } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { lookEvery } from '../system/look-every.ts'
import { decodeTextFile } from '../text/decode-text.ts'
import type { Station } from './station.ts'

/** Maximum number of bytes of the file that are read. */
const MAX_BYTES = 4096
/** Interval between two looks, in milliseconds. */
const LOOK_EVERY_MS = 1_000
/** Looks at which a file is read after its last change, because its time may be as coarse as 2 s. */
const READS_AFTER_CHANGE = 4
/** Number of looks of which one reads in any case: the system keeps the times of files on other machines for up to a minute. */
const READ_EACH = 5

/** A file whose first line is the current title. */
export interface TitleFile {
  /** The title at the last read; empty until there is one. */
  readonly title: string
  /** Reads the file, unless it has not changed for some looks. Resolved with true when the title has changed. An unreadable file is not an error. */
  look(): Promise<boolean>
}

/**
 * Sets the titles of a station's streams from a file, once a second while the program runs; that alone does not keep it
 * running.
 * @returns a function that stops it.
 *
 * The file is read, not watched: editors replace the file, `echo > file` empties it first, it may be a link, be on another
 * machine or not exist yet. Modification times are too coarse to tell two changes apart, so a file that has changed is read some times.
 */
export function followTitleFile(file: TitleFile, station: Station): () => void {
  let isLooking = false
  const look = async () => {
    // Reads of a file on a machine that does not answer must not pile up.
    if (isLooking) return
    isLooking = true
    if (await file.look()) for (const stream of station.streams()) stream.setTitle(file.title)
    isLooking = false
  }
  return lookEvery(LOOK_EVERY_MS, () => void look())
}

/** @param path need not exist yet. @param charset encoding of a text that is not Unicode. */
export function createTitleFile(path: string, charset: string): TitleFile {
  let title = ''
  let wasEmpty = false
  let version = ''
  let readsLeft = 0
  let looks = 0
  /** Whether the file has changed at one of the last looks, or may have done so on another machine. */
  const mayHaveChanged = async () => {
    const seen = await versionOf(path)
    readsLeft = seen === version ? readsLeft - 1 : READS_AFTER_CHANGE
    version = seen
    return readsLeft > 0 || ++looks % READ_EACH === 0
  }
  return {
    get title() {
      return title
    },
    async look() {
      if (!(await mayHaveChanged())) return false
      const bytes = await readStart(path).catch(() => undefined)
      // A missing file may be about to be replaced: the title stays.
      if (bytes === undefined) return false
      // A writer may empty the file first, so an empty file counts only if it is still empty at the next read.
      const isBeingWritten = bytes.length === 0 && !wasEmpty
      wasEmpty = bytes.length === 0
      if (isBeingWritten) return false
      const before = title
      title = titleIn(bytes, charset)
      return title !== before
    },
  }
}

/** Returns a text that differs after most changes of a file, also of the one that a link names; the same for all missing files. */
async function versionOf(path: string): Promise<string> {
  const file = await stat(path, { bigint: true }).catch(() => undefined)
  return file === undefined ? 'missing' : `${file.dev} ${file.ino} ${file.size} ${file.mtimeNs} ${file.ctimeNs}`
}

/** Opens without blocking, because a FIFO would otherwise block until it has a writer. */
async function readStart(path: string): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_BYTES), 0, MAX_BYTES, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** Returns the first line, without control characters and surrounding blanks. */
function titleIn(bytes: Buffer, charset: string): string {
  const [line = ''] = decodeTextFile(bytes, charset, bytes.length === MAX_BYTES).split('\n', 1)
  return line.replaceAll(/\p{Cc}/gu, '').trim()
}
