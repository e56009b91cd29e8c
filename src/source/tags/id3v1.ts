import { decodeText } from '../../text/decode-text.ts'
import type { BoundedFile } from './bounded-file.ts'
import type { Tags } from './tags.ts'

/** Size of the tag at the end of the file, in bytes. */
export const ID3V1_BYTES = 128

/** Reads an ID3v1 tag: `TAG`, title and artist, 30 bytes each. @returns undefined when there is none */
export async function id3v1Tags(file: BoundedFile, charset: string): Promise<Tags | undefined> {
  if (file.size < ID3V1_BYTES) return undefined
  const tag = await file.at(file.size - ID3V1_BYTES, ID3V1_BYTES)
  if (tag.toString('latin1', 0, 3) !== 'TAG') return undefined
  const field = (from: number) => {
    const text = tag.subarray(from, from + 30)
    const zero = text.indexOf(0)
    // A text that fills its field may have been cut in the middle of a character.
    return decodeText(zero < 0 ? text : text.subarray(0, zero), charset, zero < 0).trim()
  }
  const artist = field(33)
  return { title: field(3), artists: artist === '' ? [] : [artist] }
}
