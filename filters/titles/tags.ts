/**
 * Tags are not sound, but they belong to the files that streams are made of, so filters skip them by their length. ID3v2:
 * id3.org/id3v2.4.0-structure, 3.1 and 3.4. ID3v1: id3.org/ID3v1. APEv2: wiki.hydrogenaud.io, "APE Tags Header". Lyrics3:
 * id3.org/Lyrics3v2; its length is stored only at its end.
 */

/** Maximum number of bytes needed to detect a tag and read its length. */
export const TAG_HEAD_BYTES = 24

/** The letter `I`, which ID3v2 tags begin with. */
export const ID3_FIRST_BYTE = 0x49

/**
 * Maximum length of a tag, in bytes. A longer one is not treated as a tag, because it would silence the stream for minutes.
 */
const MAX_TAG_BYTES = 16 * 1024 * 1024

const ID3V2_HEAD_BYTES = 10
const ID3V1_BYTES = 128
const APE_HEAD_BYTES = 32

/**
 * Returns whether a tag that is recognized at any position, even between other bytes, may begin at `at`. `TAG` of ID3v1 is
 * not recognized: three letters without a length are too little evidence there. If the second byte has not arrived yet, it
 * counts as a match.
 */
export function mayBeginTag(bytes: Buffer, at: number): boolean {
  const first = bytes[at]
  if (first !== 0x49 && first !== 0x41 && first !== 0x4c) return false
  const second = bytes[at + 1]
  return second === undefined || second === (first === 0x49 ? 0x44 : first === 0x41 ? 0x50 : 0x59)
}

/** @returns whether a tag of any kind begins at `at`; `TAG_HEAD_BYTES` must be readable from there. */
export function beginsTag(bytes: Buffer, at: number): boolean {
  return tagBytes(bytes, at) > 0 || beginsLyrics(bytes, at)
}

/** @returns whether a Lyrics3 tag begins at `at`. */
export function beginsLyrics(bytes: Buffer, at: number): boolean {
  return startsWith(bytes, at, 'LYRICSBEGIN')
}

/** Length of the end marker of a Lyrics3 tag, in bytes. */
export const LYRICS_END_BYTES = 9

/** @returns whether a Lyrics3 tag ends with the 9 bytes at `at`. */
export function endsLyrics(bytes: Buffer, at: number): boolean {
  return startsWith(bytes, at, 'LYRICS200') || startsWith(bytes, at, 'LYRICSEND')
}

/**
 * @param at the index in `bytes` of the possible tag; `TAG_HEAD_BYTES` must be readable from there.
 * @returns the length of the tag in bytes; 0 if none begins here.
 */
export function tagBytes(bytes: Buffer, at: number): number {
  if (startsWith(bytes, at, 'ID3')) return id3v2Bytes(bytes, at)
  if (startsWith(bytes, at, 'TAG')) return ID3V1_BYTES
  if (startsWith(bytes, at, 'APETAGEX')) return apeBytes(bytes, at)
  return 0
}

/** The position of the items of an ID3v2 tag, and the version of their headers. */
export interface Id3Items {
  readonly version: 2 | 3 | 4
  /** Start of the first item, in bytes from the start of the tag. */
  readonly at: number
}

/**
 * @param at the index of an ID3v2 tag; `TAG_HEAD_BYTES` must be readable from there.
 * @returns undefined if the tag is of another kind, or is compressed or unsynchronized as a whole, because then the lengths
 * are not those of its bytes.
 */
export function id3Items(bytes: Buffer, at: number): Id3Items | undefined {
  const version = bytes[at + 3]
  const flags = bytes[at + 5] ?? 0
  if (!startsWith(bytes, at, 'ID3') || (flags & 0x80) !== 0) return undefined
  if (version === 2) return (flags & 0x40) === 0 ? { version, at: ID3V2_HEAD_BYTES } : undefined
  if (version !== 3 && version !== 4) return undefined
  if ((flags & 0x40) === 0) return { version, at: ID3V2_HEAD_BYTES }
  // The extended header: its size counts itself in ID3v2.4 only.
  const size = version === 4 ? sevenBits(bytes.readUInt32BE(at + ID3V2_HEAD_BYTES)) : 4 + bytes.readUInt32BE(at + 10)
  return { version, at: ID3V2_HEAD_BYTES + size }
}

/** Returns the length of an item's header, in bytes (ID3v2.2 3.2, ID3v2.3 3.3, ID3v2.4 4). */
export function id3ItemHeadBytes(version: 2 | 3 | 4): number {
  return version === 2 ? 6 : 10
}

/** @returns the length of the item whose header is at `at`, header included, in bytes; 0 without a header. */
export function id3ItemBytes(bytes: Buffer, at: number, version: 2 | 3 | 4): number {
  const nameBytes = version === 2 ? 3 : 4
  // Some writers use names of ID3v2.2 in later tags, followed by a zero or a blank.
  if (!/^[A-Z][A-Z0-9]{2}[A-Z0-9 \0]?$/.test(bytes.toString('latin1', at, at + nameBytes))) return 0
  return id3ItemHeadBytes(version) + id3ItemSize(bytes, at + nameBytes, version)
}

/** Some writers of ID3v2.4 use all eight bits of each byte. */
function id3ItemSize(bytes: Buffer, at: number, version: 2 | 3 | 4): number {
  if (version === 2) return bytes.readUIntBE(at, 3)
  const size = bytes.readUInt32BE(at)
  return version === 4 && (size & 0x80808080) === 0 ? sevenBits(size) : size
}

/**
 * Decodes 28 bits, seven in each byte. The format leaves out the eighth so that no byte of the size looks like a sync word.
 */
function sevenBits(size: number): number {
  return ((size & 0x7f000000) >> 3) | ((size & 0x7f0000) >> 2) | ((size & 0x7f00) >> 1) | (size & 0x7f)
}

function id3v2Bytes(bytes: Buffer, at: number): number {
  const version = bytes[at + 3] ?? 0
  if (version < 2 || version > 4 || bytes[at + 4] === 0xff) return 0
  const size = bytes.readUInt32BE(at + 6)
  if ((size & 0x80808080) !== 0) return 0
  const footer = version === 4 && ((bytes[at + 5] ?? 0) & 0x10) !== 0 ? ID3V2_HEAD_BYTES : 0
  return withinLimit(ID3V2_HEAD_BYTES + sevenBits(size) + footer)
}

/**
 * Returns the length of an APE tag. The size field counts the items and the footer. A footer without its header contains no
 * information about the bytes after it.
 */
function apeBytes(bytes: Buffer, at: number): number {
  const isHeader = (bytes.readUInt32LE(at + 20) & 0x20000000) !== 0
  return isHeader ? withinLimit(APE_HEAD_BYTES + bytes.readUInt32LE(at + 12)) : APE_HEAD_BYTES
}

function withinLimit(length: number): number {
  return length <= MAX_TAG_BYTES ? length : 0
}

function startsWith(bytes: Buffer, at: number, magic: string): boolean {
  for (let i = 0; i < magic.length; i++) if (bytes[at + i] !== magic.charCodeAt(i)) return false
  return true
}
