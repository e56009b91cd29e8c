/**
 * The metadata blocks of ICY, the protocol of SHOUTcast, which players of all kinds support. No standard describes
 * it; this is what Icecast (src/format_mp3.c) sends and what players parse:
 *
 *      N    StreamTitle='Artist - Song';StreamUrl='http://…';    NUL NUL ...
 *    1 byte '-------------------- 16 N bytes ------------------------------'
 */
import type { Title } from '../../stream/titles.ts'

/** Bytes of the body between two blocks. */
export const ICY_INTERVAL = 16_000

/** The block when the title has not changed. */
export const EMPTY_BLOCK = Buffer.from([0])

const UNIT_BYTES = 16
const MAX_TEXT_BYTES = 255 * UNIT_BYTES

/** Returns the block of a title. It is made once, and all listeners share the Buffer. */
export type BlockOf = (title: Title) => Buffer

/** @param url sent with each title, as ASCII without apostrophes; undefined: none. */
export function createBlocks(url: string | undefined): BlockOf {
  const made = new WeakMap<Title, Buffer>()
  return (title) => {
    const block = made.get(title) ?? makeBlock(title.text, url)
    made.set(title, block)
    return block
  }
}

function makeBlock(title: string, url: string | undefined): Buffer {
  const before = "StreamTitle='"
  const behind = url === undefined ? "';" : `';StreamUrl='${url}';`
  const bytes = cut(Buffer.from(withoutEnd(title)), MAX_TEXT_BYTES - before.length - behind.length)
  const units = Math.ceil((before.length + bytes.length + behind.length) / UNIT_BYTES)
  const block = Buffer.alloc(1 + units * UNIT_BYTES)
  block[0] = units
  block.write(before, 1, 'latin1')
  bytes.copy(block, 1 + before.length)
  block.write(behind, 1 + before.length + bytes.length, 'latin1')
  return block
}

/**
 * Changes a title so that no player ends it too early. The protocol has no escapes: players show a backslash as it is, and
 * Icecast changes nothing. For ffmpeg, VLC, MPD and ExoPlayer the first `';` is the end, so apostrophes and semicolons stay as
 * they are, and only an apostrophe right before a semicolon becomes a typographic one, which all of them show. ffmpeg searches
 * for that end from the opening quote on: a semicolon at the start needs a blank before it.
 */
function withoutEnd(title: string): string {
  return title.replaceAll("';", '\u2019;').replace(/^;/, ' ;')
}

/** Returns at most the first `length` bytes of a text in UTF-8, without a part of a character. */
function cut(text: Buffer, length: number): Buffer {
  if (text.length <= length) return text
  let end = length
  while (end > 0 && ((text[end] ?? 0) & 0xc0) === 0x80) end--
  return text.subarray(0, end)
}
