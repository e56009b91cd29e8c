import { decodeText } from '../../text/decode-text.ts'
import type { BoundedFile } from './bounded-file.ts'
import { ID3V1_BYTES } from './id3v1.ts'
import { MAX_ARTISTS, MAX_TEXT_BYTES, type Tags, valuesOf } from './tags.ts'

const HEAD_BYTES = 32
/** Maximum number of items of one tag that are read. Real tags have a few dozens. */
const MAX_ITEMS = 1000
/** The longest key (APEv2), its terminating zero, and the sizes before it, in bytes. */
const ITEM_HEAD_BYTES = 8 + 255 + 1

/**
 * Reads an APEv2 tag: items between a header and a footer, at the end of a file, before an ID3v1 tag if there is one.
 *
 * ```
 *   size:32 flags:32 key 0 value | size:32 flags:32 key 0 value | ... | 'APETAGEX' version:32 size:32 items:32 flags:32 0:64
 * ```
 *
 * @returns undefined when there is none
 */
export async function apeTags(file: BoundedFile, charset: string): Promise<Tags | undefined> {
  for (const end of [file.size, file.size - ID3V1_BYTES]) {
    const footer = end < HEAD_BYTES ? undefined : await file.at(end - HEAD_BYTES, HEAD_BYTES)
    if (footer === undefined || footer.toString('latin1', 0, 8) !== 'APETAGEX') continue
    const from = end - footer.readUInt32LE(12)
    return from < 0 ? undefined : tagsIn(file, from, end - HEAD_BYTES, footer.readUInt32LE(16), charset)
  }
  return undefined
}

async function tagsIn(file: BoundedFile, from: number, end: number, items: number, charset: string): Promise<Tags> {
  let title = ''
  const artists: string[] = []
  let at = from
  for (let i = 0; i < Math.min(items, MAX_ITEMS) && at + 8 < end; i++) {
    const head = await file.at(at, Math.min(ITEM_HEAD_BYTES, end - at))
    const zero = head.indexOf(0, 8)
    if (zero < 0) break
    const [length, key] = [head.readUInt32LE(0), head.toString('latin1', 8, zero).toUpperCase()]
    at += zero + 1
    if (key === 'TITLE' || key === 'ARTIST') {
      const read = Math.min(length, end - at, MAX_TEXT_BYTES)
      const values = valuesOf(decodeText(await file.at(at, read), charset, read < length))
      if (key === 'TITLE') title ||= values[0] ?? ''
      else if (artists.length < MAX_ARTISTS) artists.push(...values)
    }
    at += length
  }
  return { title, artists }
}
