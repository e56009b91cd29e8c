import { lineOfUtf8, titleLine } from './title-line.ts'

/**
 * The comments of Vorbis (Vorbis I 5), which Opus (RFC 7845 5.2) and FLAC (RFC 9639 8.6) have too. Numbers are little-endian.
 *
 * ```
 *   length:32 vendor | number of fields:32 | length:32 NAME=value | length:32 NAME=value | ...
 * ```
 */

const NUMBER_BYTES = 4
/** More fields are not looked at. Real files have some dozens. */
const MAX_FIELDS = 1000
/** More artists are not named. */
const MAX_ARTISTS = 20
/** The longest name of a field that is of use here, in bytes. */
const MAX_NAME_BYTES = 'ARTIST'.length

/**
 * What is playing, in one line.
 * @param comments from the length of the vendor on; whatever they are, nothing is thrown.
 * @returns an empty text when they do not say.
 */
export function titleOfComments(comments: Buffer): string {
  const artists: string[] = []
  let title = ''
  for (const field of fieldsIn(comments)) {
    const equals = field.subarray(0, MAX_NAME_BYTES + 1).indexOf('=')
    // Case does not count in names.
    const name = field.toString('latin1', 0, Math.max(equals, 0)).toUpperCase()
    if (name === 'TITLE') title ||= lineOfUtf8(field.subarray(equals + 1))
    else if (name === 'ARTIST' && artists.length < MAX_ARTISTS) artists.push(lineOfUtf8(field.subarray(equals + 1)))
  }
  return titleLine(artists.filter((artist) => artist !== '').join(', '), title)
}

/** The text that names the encoder; empty when it is not whole. */
export function vendorOf(comments: Buffer): Buffer {
  const end = endOfText(comments, 0)
  return end > comments.length ? Buffer.alloc(0) : comments.subarray(NUMBER_BYTES, end)
}

/** The fields as far as they are whole, with names and values, 1000 at most. */
export function* fieldsIn(comments: Buffer): Generator<Buffer> {
  let at = endOfText(comments, 0)
  if (at + NUMBER_BYTES > comments.length) return
  const count = Math.min(comments.readUInt32LE(at), MAX_FIELDS)
  at += NUMBER_BYTES
  for (let i = 0; i < count; i++) {
    const from = at + NUMBER_BYTES
    at = endOfText(comments, at)
    if (at > comments.length) return
    yield comments.subarray(from, at)
  }
}

/** Where the text whose length is at `at` ends; infinite when not even the length is there. */
function endOfText(comments: Buffer, at: number): number {
  const from = at + NUMBER_BYTES
  return from > comments.length ? Number.POSITIVE_INFINITY : from + comments.readUInt32LE(at)
}
