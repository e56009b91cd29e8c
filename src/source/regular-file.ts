import { open } from 'node:fs/promises'
import { readableChunks } from './readable-chunks.ts'
import { type Source, SourceError } from './source.ts'

/** A file, or a device that reads like one: from its beginning to its end at each opening. */
export function createFileSource(path: string): Source {
  return {
    label: path,
    async open(signal) {
      const file = await open(path, 'r').catch((error: Error) => {
        throw new SourceError(error.message, { cause: error })
      })
      return { chunks: readableChunks(file.createReadStream(), signal), about: {} }
    },
  }
}
