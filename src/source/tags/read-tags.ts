import { apeTags } from './ape.ts'
import { withBoundedFile } from './bounded-file.ts'
import { id3v1Tags } from './id3v1.ts'
import { id3v2Tags } from './id3v2.ts'
import { riffTags } from './riff.ts'
import type { Tags } from './tags.ts'

/**
 * Reads the tags of an MP3, AAC or WAV file. Those of Ogg and FLAC are part of the stream, and filters read them.
 * @param charset of text that is not Unicode. @returns undefined when no tag has a title
 * @throws the system's error when the file cannot be read
 */
export function readTags(path: string, charset: string): Promise<Tags | undefined> {
  return withBoundedFile(path, async (file) => {
    const readers = [() => id3v2Tags(file, 0, charset), riffTags, apeTags, id3v1Tags]
    for (const read of readers) {
      const tags = await read(file, charset)
      if (tags !== undefined && tags.title !== '') return tags
    }
    return undefined
  })
}
