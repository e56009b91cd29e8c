/**
 * Tags are no sound, but they belong to the files that streams are made of, so filters pass over them by their length.
 * ID3v2: id3.org/id3v2.4.0-structure, 3.1 and 3.4. ID3v1: id3.org/ID3v1. APEv2: wiki.hydrogenaud.io, "APE Tags Header".
 */

/** So many bytes, at most, tell whether a tag begins and how long it is. */
export const TAG_HEAD_BYTES = 24

/** The letter `I`, which ID3v2 tags begin with. */
export const ID3_FIRST_BYTE = 0x49

/** A tag that claims to be longer, in bytes, is taken for no tag: it would silence the stream for minutes. */
const MAX_TAG_BYTES = 16 * 1024 * 1024

const ID3V2_HEAD_BYTES = 10
const ID3V1_BYTES = 128
const APE_HEAD_BYTES = 32

/** @returns whether a tag of some kind begins with this byte. */
export function mayBeginTag(byte: number | undefined): boolean {
  return byte === ID3_FIRST_BYTE || byte === 0x54 || byte === 0x41
}

/**
 * @param at where in `bytes` the tag would begin; `TAG_HEAD_BYTES` must be readable from there.
 * @returns the length of the tag in bytes; 0 when none begins here.
 */
export function tagBytes(bytes: Buffer, at: number): number {
  if (startsWith(bytes, at, 'ID3')) return id3v2Bytes(bytes, at)
  if (startsWith(bytes, at, 'TAG')) return ID3V1_BYTES
  if (startsWith(bytes, at, 'APETAGEX')) return apeBytes(bytes, at)
  return 0
}

function id3v2Bytes(bytes: Buffer, at: number): number {
  const version = bytes[at + 3] ?? 0
  if (version < 2 || version > 4 || bytes[at + 4] === 0xff) return 0
  const size = bytes.readUInt32BE(at + 6)
  if ((size & 0x80808080) !== 0) return 0
  // 28 bits, seven in each byte, so that no byte of the size looks like a sync word.
  const content = ((size & 0x7f000000) >> 3) | ((size & 0x7f0000) >> 2) | ((size & 0x7f00) >> 1) | (size & 0x7f)
  const footer = version === 4 && ((bytes[at + 5] ?? 0) & 0x10) !== 0 ? ID3V2_HEAD_BYTES : 0
  return withinLimit(ID3V2_HEAD_BYTES + content + footer)
}

/** The size field counts the items and the footer. A footer without its header says nothing of what comes after it. */
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
