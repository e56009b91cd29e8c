import type { Stats } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { shownPath, systemPath } from '../../text/byte-path.ts'
import { readableChunks } from '../pipe/readable-chunks.ts'
import { type Source, SourceError } from '../source.ts'
import { fileFailure } from '../system-failure.ts'

/**
 * Makes a source of a file, or of a device that reads like one: from its beginning to its end at each opening.
 * @param look called with the file's status before it is read, and when it has been read to its end.
 */
export function createFileSource(path: string, look?: (file: Stats) => void): Source {
  return {
    label: shownPath(path),
    async open(signal) {
      const file = await openFile(path).catch((error: Error) => {
        throw fileFailure(error, shownPath(path))
      })
      look?.(await file.stat())
      const chunks = readableChunks(file.createReadStream(), signal)
      return { chunks: look === undefined ? chunks : watched(path, chunks, signal, look), about: {} }
    },
  }
}

async function openFile(path: string): Promise<FileHandle> {
  // Opening a FIFO that has replaced the file would block forever, together with a thread of the pool.
  if ((await stat(systemPath(path))).isFIFO()) throw new SourceError(`${shownPath(path)} is now a FIFO`)
  return await open(systemPath(path), 'r')
}

async function* watched(
  path: string,
  chunks: AsyncIterable<Buffer>,
  signal: AbortSignal,
  look: (file: Stats) => void,
): AsyncGenerator<Buffer> {
  yield* chunks
  // A missing file fails at the next opening.
  if (!signal.aborted) await stat(systemPath(path)).then(look, () => {})
}

/**
 * Detects that a file grows while it is played: live sound that should be written to a FIFO, and that would be played from its
 * beginning over and over.
 * @param warn called once, when the file has become longer.
 * @returns the `look` of a file source.
 */
export function createGrowthCheck(warn: () => void): (file: Stats) => void {
  let last: { readonly inode: number; readonly bytes: number } | undefined
  let isWarned = false
  return ({ ino, size }) => {
    // A longer file with another inode has replaced the old one; it was not appended to.
    const hasGrown = last !== undefined && last.inode === ino && size > last.bytes
    last = { inode: ino, bytes: size }
    if (!hasGrown || isWarned) return
    isWarned = true
    warn()
  }
}
