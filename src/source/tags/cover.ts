import { MAX_PICTURE_BYTES, type Picture, pictureOf } from '../../system/picture.ts'
import { type BoundedFile, withBoundedFile } from './bounded-file.ts'
import type { EmbeddedPicture } from './embedded-picture.ts'
import { flacPictures } from './flac-pictures.ts'
import { id3v2Pictures } from './id3v2-pictures.ts'
import { oggPictures } from './ogg-pictures.ts'
import { riffPictures } from './riff.ts'

/** A picture in base64 has four thirds of its size; its file has text too. */
const LIMITS = { bytes: 1.5 * MAX_PICTURE_BYTES + 2 ** 20, reads: 512 }

/**
 * Reads the front cover of an MP3, AAC, WAV, FLAC, Vorbis or Opus file, or else the first picture in it.
 * @param path see byte-path.ts
 * @returns undefined when it has none of a known kind and size. @throws the system's error when the file cannot be read
 */
export function readCover(path: string): Promise<Picture | undefined> {
  return withBoundedFile(path, coverIn, LIMITS)
}

async function coverIn(file: BoundedFile): Promise<Picture | undefined> {
  let first: EmbeddedPicture | undefined
  for (const picturesOf of [id3v2Pictures, riffPictures, flacPictures, oggPictures]) {
    for await (const picture of picturesOf(file)) {
      const cover = picture.isFront ? await pictureIn(picture) : undefined
      if (cover !== undefined) return cover
      first ??= picture
    }
  }
  return first && pictureIn(first)
}

async function pictureIn(embedded: EmbeddedPicture): Promise<Picture | undefined> {
  const bytes = await embedded.read()
  return bytes && pictureOf(bytes)
}
