import { extname } from 'node:path'

/** Extensions of the formats that can be played, in small letters. */
const SOUND = new Set(
  ['mp3', 'mp2', 'mp1', 'mpa', 'mpga', 'aac', 'adts', 'ogg', 'oga', 'opus', 'spx', 'flac', 'wav', 'wave'].map(
    (extension) => `.${extension}`,
  ),
)

/** Whether a file is sound that may be played, by its name. */
export function isSound(name: string): boolean {
  return SOUND.has(extname(name).toLowerCase())
}
