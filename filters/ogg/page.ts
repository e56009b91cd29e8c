import { oggCrc, oggCrcProduct, oggCrcWeight } from '../bytes/crc.ts'

/**
 * A page of Ogg: RFC 3533 6. Numbers are little-endian.
 *
 * ```
 *   0 OggS | 4 version | 5 flags | 6 granule position | 14 serial | 18 sequence | 22 CRC | 26 segments | 27 segment table | body
 * ```
 *
 * The segment table holds the lengths of the body's segments. A length of 255 means that the packet continues in the next
 * segment, which may be the first one of the next page.
 */

/** Length of the header without its segment table, in bytes. */
export const PAGE_HEAD_BYTES = 27
/** Maximum header length, in bytes. */
const MAX_PAGE_HEAD_BYTES = PAGE_HEAD_BYTES + 255
/** Maximum page length, in bytes. */
export const MAX_PAGE_BYTES = MAX_PAGE_HEAD_BYTES + 255 * 255
/** Magic bytes at the start of every page. */
export const CAPTURE_PATTERN = Buffer.from('OggS')

export const FLAGS_AT = 5
export const GRANULE_AT = 6
export const SERIAL_AT = 14
export const SEQUENCE_AT = 18
const CRC_AT = 22
export const SEGMENTS_AT = 26

/** Flag of a page that begins with the rest of a packet. */
export const CONTINUED = 0x01
const BEGINS_STREAM = 0x02
const ENDS_STREAM = 0x04
const KNOWN_FLAGS = 0x07
/** Length of a segment after which the packet continues. */
export const WHOLE_SEGMENT = 255
const NO_CRC = Buffer.alloc(4)

/** @returns the length of the header at `at`, including its segment table, in bytes; 0 without a header. */
export function pageHeadBytes(bytes: Buffer, at: number): number {
  const begins = bytes[at] === 0x4f && bytes[at + 1] === 0x67 && bytes[at + 2] === 0x67 && bytes[at + 3] === 0x53
  if (!begins || bytes[at + 4] !== 0 || (bytes[at + FLAGS_AT] ?? 0) > KNOWN_FLAGS) return 0
  return PAGE_HEAD_BYTES + (bytes[at + SEGMENTS_AT] ?? 0)
}

/** @returns the length of the page whose whole header is at `at`, in bytes. */
export function pageBytes(bytes: Buffer, at: number): number {
  const end = at + pageHeadBytes(bytes, at)
  let length = end - at
  for (let i = at + PAGE_HEAD_BYTES; i < end; i++) length += bytes[i] ?? 0
  return length
}

/** Returns whether the checksum of the `length` bytes at `at` is correct. */
export function isIntact(bytes: Buffer, at: number, length: number): boolean {
  return pageCrc(bytes, at, length) === bytes.readInt32LE(at + CRC_AT)
}

/** Returns whether the page begins with the rest of a packet that began in an earlier one. */
export function isContinued(page: Buffer): boolean {
  return ((page[FLAGS_AT] ?? 0) & CONTINUED) !== 0
}

/** Returns whether the page is the first of a logical stream. */
export function beginsStream(page: Buffer): boolean {
  return ((page[FLAGS_AT] ?? 0) & BEGINS_STREAM) !== 0
}

/** Returns whether the page is the last of a logical stream. */
export function endsStream(page: Buffer): boolean {
  return ((page[FLAGS_AT] ?? 0) & ENDS_STREAM) !== 0
}

/** Returns the serial number of the page's logical stream. */
export function serialOf(page: Buffer): number {
  return page.readUInt32LE(SERIAL_AT)
}

/** Returns the number of the page in its logical stream. */
export function sequenceOf(page: Buffer): number {
  return page.readUInt32LE(SEQUENCE_AT)
}

/** Returns the position at the end of the page in units of its codec; undefined if no packet ends in it. Exact up to 2^53. */
export function granuleOf(page: Buffer): number | undefined {
  const low = page.readUInt32LE(GRANULE_AT)
  const high = page.readInt32LE(GRANULE_AT + 4)
  return low === 0xffffffff && high === -1 ? undefined : high * 2 ** 32 + low
}

/** Changes the position at the end of the page; its checksum is then to be updated. @param granule up to 2^53 */
export function setGranule(page: Buffer, granule: number): void {
  page.writeUInt32LE(granule % 2 ** 32, GRANULE_AT)
  page.writeUInt32LE(Math.floor(granule / 2 ** 32), GRANULE_AT + 4)
}

/** Returns a copy of the page that is the last of its logical stream. */
export function withEnd(page: Buffer): Buffer {
  const copy = Buffer.from(page)
  copy[FLAGS_AT] = (page[FLAGS_AT] ?? 0) | ENDS_STREAM
  seal(copy)
  return copy
}

/** Returns the number of packets that end in the page. */
export function packetsEndingIn(page: Buffer): number {
  let count = 0
  const end = pageHeadBytes(page, 0)
  for (let i = PAGE_HEAD_BYTES; i < end; i++) if (page[i] !== WHOLE_SEGMENT) count++
  return count
}

/** Returns the content of all packets in the page, without its header. */
export function bodyOf(page: Buffer): Buffer {
  return page.subarray(pageHeadBytes(page, 0))
}

/** Returns the number of segments of the last packet in the page if it continues in the next one; 0 if it ends in this one. */
export function openSegments(page: Buffer): number {
  const end = pageHeadBytes(page, 0)
  let first = end
  while (first > PAGE_HEAD_BYTES && page[first - 1] === WHOLE_SEGMENT) first--
  return end - first
}

/** Returns whether the page contains only a part of one packet that begins before it and ends after it. */
export function isWhollyOpen(page: Buffer): boolean {
  return isContinued(page) && openSegments(page) === (page[SEGMENTS_AT] ?? 0)
}

/** Updates the checksum of a page whose bytes have changed. */
export function seal(page: Buffer): void {
  page.writeInt32LE(pageCrc(page, 0, page.length), CRC_AT)
}

/** @returns the page itself if it has this serial number; otherwise a copy with this serial number. */
export function withSerial(page: Buffer, serial: number): Buffer {
  if (serialOf(page) === serial) return page
  const copy = Buffer.from(page)
  copy.writeUInt32LE(serial, SERIAL_AT)
  seal(copy)
  return copy
}

/** Returns the weight of a page's sequence number in its checksum. */
export function sequenceWeight(page: Buffer): number {
  return oggCrcWeight(page.length - SEQUENCE_AT)
}

/**
 * Changes the sequence number of the page at `at`, without reading all of its bytes again.
 * @param weight the result of `sequenceWeight` for the page.
 */
export function renumber(bytes: Buffer, at: number, sequence: number, weight: number): void {
  const before = bytes.readInt32BE(at + SEQUENCE_AT)
  bytes.writeUInt32LE(sequence, at + SEQUENCE_AT)
  const change = before ^ bytes.readInt32BE(at + SEQUENCE_AT)
  bytes.writeInt32LE(bytes.readInt32LE(at + CRC_AT) ^ oggCrcProduct(change, weight), at + CRC_AT)
}

/** Computes the checksum of a page, with zeros in the place of its own field. */
function pageCrc(bytes: Buffer, at: number, length: number): number {
  const head = oggCrc(bytes, at, at + CRC_AT, 0)
  return oggCrc(bytes, at + CRC_AT + 4, at + length, oggCrc(NO_CRC, 0, 4, head))
}
