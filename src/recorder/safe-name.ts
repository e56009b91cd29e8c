/** Texts from outside as parts of file names. */

/** Maximum length of a name in a folder, in bytes: that of Linux, and more than FAT and NTFS allow in other units. */
const MAX_NAME_BYTES = 255
/** Control characters, surrogates without their half, what turns the direction of writing, and what FAT, NTFS and SMB refuse. */
const REFUSED = /[\p{Cc}\p{Cs}\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff<>:"/\\|?*]/gu
/** Names of devices in Windows, also with an extension. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/iu

/** Returns a text without anything that a file system refuses, or that leads out of the folder; `_` in place of it. */
export function safeName(text: string, maxBytes: number): string {
  const safe = text.normalize('NFC').replaceAll(REFUSED, '_').replace(DEVICE, '_$&')
  const cut = cutToBytes(safe, maxBytes)
  return cut.replace(/^\.+/, underscores).replace(/[. ]+$/, underscores)
}

/** Returns the beginning of a text that has at most this number of bytes in UTF-8, without half a character. */
function cutToBytes(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text
  const bytes = Buffer.from(text)
  let end = Math.max(0, maxBytes)
  // Bytes 10xxxxxx continue a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.toString('utf8', 0, end)
}

/** Joins a name and its end, such as `.1.mp3`; the name is cut where both are too long for a file system. */
export function withEnd(name: string, end: string): string {
  return cutToBytes(name, MAX_NAME_BYTES - Buffer.byteLength(end)) + end
}

function underscores(text: string): string {
  return '_'.repeat(text.length)
}
