import { lineOfUtf8, titleLine } from './title-line.ts'

/**
 * The comments of Vorbis (Vorbis I 5), which Opus (RFC 7845 5.2) and FLAC (RFC 9639 8.6) also use. Numbers are
 * little-endian.
 *
 * ```
 *   length:32 vendor | number of fields:32 | length:32 NAME=value | length:32 NAME=value | ...
 * ```
 */

const NUMBER_BYTES = 4
/** Maximum number of fields that are read. Real files have some dozens. */
const MAX_FIELDS = 1000
/** Maximum number of artists in a title. */
const MAX_ARTISTS = 20
/** Maximum length of the field names used here, in bytes. */
const MAX_NAME_BYTES = 'ARTIST'.length

/**
 * Reads the title from comments, as one line.
 * @param comments begins with the length of the vendor; never throws, whatever the bytes are.
 * @returns an empty text if they contain no title.
 */
export function titleOfComments(comments: Buffer): string {
  const artists: string[] = []
  let title = ''
  for (const field of fieldsIn(comments)) {
    const equals = field.subarray(0, MAX_NAME_BYTES + 1).indexOf('=')
    // Names are not case-sensitive.
    const name = field.toString('latin1', 0, Math.max(equals, 0)).toUpperCase()
    if (name === 'TITLE') title ||= lineOfUtf8(field.subarray(equals + 1))
    else if (name === 'ARTIST' && artists.length < MAX_ARTISTS) artists.push(lineOfUtf8(field.subarray(equals + 1)))
  }
  return titleLine(artists.filter((artist) => artist !== '').join(', '), title)
}

/** Returns the text that names the encoder; empty if it is incomplete. */
export function vendorOf(comments: Buffer): Buffer {
  const end = endOfText(comments, 0)
  return end > comments.length ? Buffer.alloc(0) : comments.subarray(NUMBER_BYTES, end)
}

/** Yields all complete fields, with names and values, 1000 at most. */
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

/** Returns the end of the text whose length is at `at`; infinite if even the length is incomplete. */
function endOfText(comments: Buffer, at: number): number {
  const from = at + NUMBER_BYTES
  return from > comments.length ? Number.POSITIVE_INFINITY : from + comments.readUInt32LE(at)
}
