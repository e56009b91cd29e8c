/**
 * The metadata blocks of ICY, the protocol that SHOUTcast brought up and that players of all kinds speak. No standard
 * describes it; Icecast (src/format_mp3.c) and what players parse do:
 *
 *      N    StreamTitle='Artist - Song';StreamUrl='http://…';    NUL NUL ...
 *    1 byte '-------------------- 16 N bytes ------------------------------'
 */
import type { Title } from '../stream/titles.ts'

/** Bytes of the body between two blocks. */
export const ICY_INTERVAL = 16_000

/** Nothing has changed. */
export const EMPTY_BLOCK = Buffer.from([0])

const UNIT_BYTES = 16
const MAX_TEXT_BYTES = 255 * UNIT_BYTES

/** The block of a title. It is made once, and all listeners get the same Buffer. */
export type BlockOf = (title: Title) => Buffer

/** @param url what goes along with each title, as ASCII without apostrophes; undefined: nothing. */
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
 * A title that no player takes for its own end. Nothing can be escaped: players show a backslash, or what else there might
 * be, as it is, and Icecast changes nothing. To ffmpeg, VLC, MPD and ExoPlayer the first `';` is the end, so apostrophes and
 * semicolons stay as they are, and only an apostrophe right before a semicolon becomes a typographic one, which all of them
 * show. ffmpeg looks for that end from the opening quote on: a semicolon at the start needs a blank before it.
 */
function withoutEnd(title: string): string {
  return title.replaceAll("';", '\u2019;').replace(/^;/, ' ;')
}

/** The first bytes of a text, at most `length` of them, cut before the first byte of a character in UTF-8. */
function cut(text: Buffer, length: number): Buffer {
  if (text.length <= length) return text
  let end = length
  while (end > 0 && ((text[end] ?? 0) & 0xc0) === 0x80) end--
  return text.subarray(0, end)
}
