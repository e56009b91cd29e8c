import { type FileHandle, open, stat } from 'node:fs/promises'
import { shownPath, systemPath } from '../byte-path.ts'
import { readableChunks } from './readable-chunks.ts'
import { type Source, SourceError } from './source.ts'

/** A file, or a device that reads like one: from its beginning to its end at each opening. */
export function createFileSource(path: string): Source {
  return {
    label: shownPath(path),
    async open(signal) {
      const file = await openFile(path).catch((error: Error) => {
        throw new SourceError(error.message, { cause: error })
      })
      return { chunks: readableChunks(file.createReadStream(), signal), about: {} }
    },
  }
}

async function openFile(path: string): Promise<FileHandle> {
  // One that has taken the file's place would be waited for without end, and a thread of the pool with it.
  if ((await stat(systemPath(path))).isFIFO()) throw new SourceError(`${shownPath(path)} is a FIFO now`)
  return await open(systemPath(path), 'r')
}
