import { MAX_PICTURE_BYTES, type Picture, pictureOf } from './picture.ts'
import { readRegularFile } from './read-regular-file.ts'

/** Reads a file that is to be a picture. @returns the picture, or the reason why it is not usable, without the path */
export async function readPictureFile(path: string): Promise<Picture | string> {
  try {
    return pictureOf(await readRegularFile(path, MAX_PICTURE_BYTES)) ?? 'is not a JPEG, PNG or WebP picture'
  } catch (error) {
    return (error as Error).message
  }
}
