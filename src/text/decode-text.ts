/**
 * Decodes text in files of other programs, which seldom name their encoding. UTF-8 is recognized by its form: text of another
 * encoding is next to never valid UTF-8 by chance. UTF-16 has a byte order mark, or shows in where its small bytes are.
 */
import { isUtf8 } from 'node:buffer'

/** Share of the bytes at even or odd places that must look like halves of UTF-16 to be taken as such. */
const CLEAR_SHARE = 0.75
/** Bytes that suffice to recognize UTF-16. */
const LOOK_BYTES = 1024

/**
 * Decodes a text of a known place, such as a tag: UTF-8 if it is valid, or else `charset`.
 * @param isCut the text may end in the middle of a character, which is then left out.
 */
export function decodeText(bytes: Uint8Array, charset: string, isCut = false): string {
  const whole = isCut ? bytes.subarray(0, wholeUtf8(bytes)) : bytes
  return isUtf8(whole) ? new TextDecoder().decode(whole) : new TextDecoder(charset).decode(bytes, { stream: isCut })
}

/** Decodes the text of a file of its own, which may also be UTF-16, with or without a byte order mark. Parameters as above. */
export function decodeTextFile(bytes: Uint8Array, charset: string, isCut = false): string {
  const utf16 = utf16Of(bytes)
  return utf16 === undefined
    ? decodeText(bytes, charset, isCut)
    : new TextDecoder(utf16).decode(bytes, { stream: isCut || bytes.length % 2 === 1 })
}

/** The byte order of a text in UTF-16; undefined when it is not clearly UTF-16. */
export function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  // Below U+2000, the scripts of Europe and of the Near East, the high byte of a character is a control character by itself.
  const [even, odd] = [controlShare(bytes, 0), controlShare(bytes, 1)]
  if (odd >= CLEAR_SHARE && even <= 1 - CLEAR_SHARE) return 'utf-16le'
  if (even >= CLEAR_SHARE && odd <= 1 - CLEAR_SHARE) return 'utf-16be'
  return undefined
}

/** Share of every second byte, from `from` on, that are control characters which text does not have. */
function controlShare(bytes: Uint8Array, from: number): number {
  const end = Math.min(bytes.length, LOOK_BYTES)
  let controls = 0
  let looked = 0
  for (let at = from; at < end; at += 2) {
    const byte = bytes[at] ?? 0
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) controls++
    looked++
  }
  return looked === 0 ? 0 : controls / looked
}

/** Number of bytes up to where the last character of UTF-8 begins, if that is not whole. */
function wholeUtf8(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if ((byte & 0xc0) === 0x80) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return length > back ? bytes.length - back : bytes.length
  }
  return bytes.length
}
