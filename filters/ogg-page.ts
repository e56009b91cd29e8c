import { oggCrc, oggCrcProduct, oggCrcWeight } from './crc.ts'

/**
 * A page of Ogg: RFC 3533 6. Numbers are little-endian.
 *
 * ```
 *   0 OggS | 4 version | 5 flags | 6 granule position | 14 serial | 18 sequence | 22 CRC | 26 segments | 27 segment table | body
 * ```
 *
 * The segment table holds the lengths of the body's segments. One of 255 says that the packet goes on in the next segment, which
 * may be the first one of the next page.
 */

/** The length of the header without its segment table, in bytes. */
export const PAGE_HEAD_BYTES = 27
/** The longest header, in bytes. */
const MAX_PAGE_HEAD_BYTES = PAGE_HEAD_BYTES + 255
/** The longest page, in bytes. */
export const MAX_PAGE_BYTES = MAX_PAGE_HEAD_BYTES + 255 * 255
/** What every page begins with. */
export const CAPTURE_PATTERN = Buffer.from('OggS')

export const FLAGS_AT = 5
export const GRANULE_AT = 6
export const SERIAL_AT = 14
export const SEQUENCE_AT = 18
const CRC_AT = 22
export const SEGMENTS_AT = 26

/** The flag of a page that begins with the rest of a packet. */
export const CONTINUED = 0x01
const BEGINS_STREAM = 0x02
const KNOWN_FLAGS = 0x07
/** The length of a segment after which the packet goes on. */
export const WHOLE_SEGMENT = 255
const NO_CRC = Buffer.alloc(4)

/** @returns the length of the header at `at`, its segment table included, in bytes; 0 when no header is there. */
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

/** Whether the `length` bytes at `at` are what their checksum says. */
export function isIntact(bytes: Buffer, at: number, length: number): boolean {
  return pageCrc(bytes, at, length) === bytes.readInt32LE(at + CRC_AT)
}

/** Whether the page begins with the rest of a packet that began in an earlier one. */
export function isContinued(page: Buffer): boolean {
  return ((page[FLAGS_AT] ?? 0) & CONTINUED) !== 0
}

/** Whether the page is the first of a logical stream. */
export function beginsStream(page: Buffer): boolean {
  return ((page[FLAGS_AT] ?? 0) & BEGINS_STREAM) !== 0
}

/** The number of the logical stream that the page belongs to. */
export function serialOf(page: Buffer): number {
  return page.readUInt32LE(SERIAL_AT)
}

/** The number of the page in its logical stream. */
export function sequenceOf(page: Buffer): number {
  return page.readUInt32LE(SEQUENCE_AT)
}

/** The position at the page's end in units of its codec; undefined when no packet ends in it. Exact up to 2^53. */
export function granuleOf(page: Buffer): number | undefined {
  const low = page.readUInt32LE(GRANULE_AT)
  const high = page.readInt32LE(GRANULE_AT + 4)
  return low === 0xffffffff && high === -1 ? undefined : high * 2 ** 32 + low
}

/** How many packets end in the page. */
export function packetsEndingIn(page: Buffer): number {
  let count = 0
  const end = pageHeadBytes(page, 0)
  for (let i = PAGE_HEAD_BYTES; i < end; i++) if (page[i] !== WHOLE_SEGMENT) count++
  return count
}

/** The content of all packets in the page, without its header. */
export function bodyOf(page: Buffer): Buffer {
  return page.subarray(pageHeadBytes(page, 0))
}

/** How many segments of the last packet are in the page when it goes on in the next one; 0 when it ends here. */
export function openSegments(page: Buffer): number {
  const end = pageHeadBytes(page, 0)
  let first = end
  while (first > PAGE_HEAD_BYTES && page[first - 1] === WHOLE_SEGMENT) first--
  return end - first
}

/** Whether the page is a piece of one packet that begins before it and ends after it. */
export function isWhollyOpen(page: Buffer): boolean {
  return isContinued(page) && openSegments(page) === (page[SEGMENTS_AT] ?? 0)
}

/** Sets the checksum of a page whose bytes have changed. */
export function seal(page: Buffer): void {
  page.writeInt32LE(pageCrc(page, 0, page.length), CRC_AT)
}

/** @returns the page itself, or, when it belongs to another logical stream, a copy that belongs to this one. */
export function withSerial(page: Buffer, serial: number): Buffer {
  if (serialOf(page) === serial) return page
  const copy = Buffer.from(page)
  copy.writeUInt32LE(serial, SERIAL_AT)
  seal(copy)
  return copy
}

/** How much a change of a page's sequence number weighs in its checksum. */
export function sequenceWeight(page: Buffer): number {
  return oggCrcWeight(page.length - SEQUENCE_AT)
}

/**
 * Gives the page at `at` another sequence number, without looking at all of its bytes again.
 * @param weight what `sequenceWeight` says of the page.
 */
export function renumber(bytes: Buffer, at: number, sequence: number, weight: number): void {
  const before = bytes.readInt32BE(at + SEQUENCE_AT)
  bytes.writeUInt32LE(sequence, at + SEQUENCE_AT)
  const change = before ^ bytes.readInt32BE(at + SEQUENCE_AT)
  bytes.writeInt32LE(bytes.readInt32LE(at + CRC_AT) ^ oggCrcProduct(change, weight), at + CRC_AT)
}

/** The checksum is that of the page with zeros in its own place. */
function pageCrc(bytes: Buffer, at: number, length: number): number {
  const head = oggCrc(bytes, at, at + CRC_AT, 0)
  return oggCrc(bytes, at + CRC_AT + 4, at + length, oggCrc(NO_CRC, 0, 4, head))
}
