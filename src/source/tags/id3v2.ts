/** Text of ID3v2: title and artists. */
import { decodeText } from '../../text/decode-text.ts'
import type { BoundedFile } from './bounded-file.ts'
import { id3Content, id3Frames } from './id3v2-frames.ts'
import { MAX_ARTISTS, MAX_TEXT_BYTES, type Tags, valuesOf } from './tags.ts'

/** Maximum number of bytes of a tag that is unsynchronised as a whole. */
const MAX_UNSYNCHRONISED_BYTES = 2 ** 20

const TITLE = new Set(['TIT2', 'TT2'])
const ARTIST = new Set(['TPE1', 'TP1'])

/** @param start position of the tag in the file. @returns undefined when there is none */
export async function id3v2Tags(file: BoundedFile, start: number, charset: string): Promise<Tags | undefined> {
  const content = await id3Content(file, start, MAX_UNSYNCHRONISED_BYTES)
  if (content === undefined) return undefined
  let title = ''
  const artists: string[] = []
  for await (const { id, body } of id3Frames(content)) {
    if (!TITLE.has(id) && !ARTIST.has(id)) continue
    const bytes = await body(MAX_TEXT_BYTES)
    if (bytes === undefined) continue
    const values = valuesOf(textOf(bytes, charset))
    if (TITLE.has(id)) title ||= values[0] ?? ''
    else if (artists.length < MAX_ARTISTS) artists.push(...values)
  }
  return { title, artists }
}

/** Section 4 of ID3v2.4: the first byte is the encoding. Many programs declare UTF-8 or other encodings as Latin-1. */
function textOf(body: Buffer, charset: string): string {
  const text = body.subarray(1)
  const even = text.subarray(0, text.length - (text.length % 2))
  switch (body[0]) {
    case 1:
      return decodeUtf16(even).replaceAll('\ufeff', '')
    case 2:
      return new TextDecoder('utf-16be').decode(even)
    default:
      return decodeText(text, charset, body.length === MAX_TEXT_BYTES)
  }
}

function decodeUtf16(text: Buffer): string {
  return new TextDecoder(text[0] === 0xfe && text[1] === 0xff ? 'utf-16be' : 'utf-16le').decode(text)
}
