import { fieldsIn, vendorOf } from './vorbis-comment.ts'

/**
 * Comments as listeners receive them. A cover in the comments makes every listener wait for up to some megabytes before the
 * first sound, so only text is sent, limited to one or two network packets.
 */

/** Maximum length of all comments, in bytes. Shorter comments without a picture are sent unchanged. */
const MAX_BYTES = 4096
/** Maximum length of a field of the lowest priority, in bytes. */
const MAX_FIELD_BYTES = 512
const MAX_VENDOR_BYTES = 256
/** FLAC's picture block in Base64 (wiki.xiph.org, VorbisComment), and the fields that were in use before it. */
const PICTURE = /^(?:METADATA_BLOCK_PICTURE|COVERART|COVERARTMIME|COVERARTDESCRIPTION)$/
/** Fields that players display, and those that set the volume (RFC 7845 5.2.1, ReplayGain). */
const WANTED = /^(?:TITLE|ARTIST|ALBUM|ALBUMARTIST|R128_\w+|REPLAYGAIN_\w+)$/
const LONGEST_NAME_BYTES = 32

/**
 * @param comments begins with the length of the vendor; bytes after the fields are allowed.
 * @returns undefined if nothing has to be removed.
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

/** Selects the fields to send: first all wanted ones, then the remaining ones as long as there is room. */
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

/** Returns the name of a field in capital letters, because names are not case-sensitive. */
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
