import { open } from 'node:fs/promises'
import { shownPath, systemPath } from '../byte-path.ts'
import { readableChunks } from './readable-chunks.ts'
import { type Source, SourceError } from './source.ts'

/** A file, or a device that reads like one: from its beginning to its end at each opening. */
export function createFileSource(path: string): Source {
  return {
    label: shownPath(path),
    async open(signal) {
      const file = await open(systemPath(path), 'r').catch((error: Error) => {
        throw new SourceError(error.message, { cause: error })
      })
      return { chunks: readableChunks(file.createReadStream(), signal), about: {} }
    },
  }
}
