import { fieldsIn, vendorOf } from './vorbis-comment.ts'

/**
 * Comments as listeners get them. A cover in them makes every listener wait for up to some megabytes before the first sound, so
 * only text goes out, and no more of it than a packet or two of the network.
 */

/** Maximum length of all comments, in bytes. Those that are not longer and hold no picture go out as they came. */
const MAX_BYTES = 4096
/** Maximum length of a field that is wanted least, in bytes. */
const MAX_FIELD_BYTES = 512
const MAX_VENDOR_BYTES = 256
/** FLAC's picture block in Base64 (wiki.xiph.org, VorbisComment), and what was in use before it. */
const PICTURE = /^(?:METADATA_BLOCK_PICTURE|COVERART|COVERARTMIME|COVERARTDESCRIPTION)$/
/** What players show, and how loud they are to play (RFC 7845 5.2.1, ReplayGain). */
const WANTED = /^(?:TITLE|ARTIST|ALBUM|ALBUMARTIST|R128_\w+|REPLAYGAIN_\w+)$/
const LONGEST_NAME_BYTES = 32

/**
 * @param comments from the length of the vendor on, with whatever follows the fields.
 * @returns undefined when nothing has to be left out.
 */
export function leanComments(comments: Buffer): Buffer | undefined {
  const fields = [...fieldsIn(comments)]
  const names = fields.map(nameOf)
  if (comments.length <= MAX_BYTES && !names.some((name) => PICTURE.test(name))) return undefined
  const isKept = keptFields(fields, names)
  const kept = fields.filter((_, i) => isKept[i])
  const vendor = vendorOf(comments).subarray(0, MAX_VENDOR_BYTES)
  return Buffer.concat([...text(vendor), uint32(kept.length), ...kept.flatMap(text)])
}

/** Which fields go out: first of all those that are wanted, then others as long as there is room. */
function keptFields(fields: readonly Buffer[], names: readonly string[]): boolean[] {
  const isKept = fields.map(() => false)
  let left = MAX_BYTES
  for (const isWanted of [true, false]) {
    for (const [i, field] of fields.entries()) {
      const name = names[i] ?? ''
      if (WANTED.test(name) !== isWanted || PICTURE.test(name)) continue
      if (field.length > left || (!isWanted && field.length > MAX_FIELD_BYTES)) continue
      isKept[i] = true
      left -= field.length + 4
    }
  }
  return isKept
}

/** In capital letters: case does not count. */
function nameOf(field: Buffer): string {
  const start = field.toString('latin1', 0, LONGEST_NAME_BYTES)
  return start.slice(0, Math.max(0, start.indexOf('='))).toUpperCase()
}

function text(bytes: Buffer): readonly Buffer[] {
  return [uint32(bytes.length), bytes]
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
