import { streamInfoAt } from './ogg-codec.ts'
import { isFlacComments } from './ogg-comments.ts'
import { byStream, headerPagesWith, packetsIn } from './ogg-packets.ts'
import { bodyOf, openSegments, packetsEndingIn, SEQUENCE_AT, seal, sequenceOf, serialOf } from './ogg-page.ts'

/** Where the first packet says how many header packets follow it (RFC 9639 10.1). */
const COUNT_AT = 7
/** The flag of the last block of metadata. */
const LAST = 0x80

/** @returns the header pages of a link as listeners get them, with all first pages in front. */
export function leanHeaders(pages: readonly Buffer[]): readonly Buffer[] {
  const streams = byStream(pages)
  const lean = streams.map(leanStream)
  if (lean.every((own, i) => own === streams[i])) return pages
  return [...lean.flatMap((own) => own.slice(0, 1)), ...lean.flatMap((own) => own.slice(1))]
}

/**
 * Leaves padding, seek points and covers out of the headers of FLAC: STREAMINFO and comments are all that listeners need. What
 * else there is makes them wait, and where one link follows another ffmpeg takes it for sound ("invalid sync code").
 * @param pages the header pages of one logical stream, all of them.
 * @returns the same pages when there is nothing to leave out; otherwise pages in front of the same first page of sound.
 */
function leanStream(pages: readonly Buffer[]): readonly Buffer[] {
  const [begin, end] = [pages[0], pages.at(-1)]
  if (begin === undefined || end === undefined || streamInfoAt(bodyOf(begin)) === undefined) return pages
  const [, comments, ...others] = packetsIn(pages)
  const isPlain = packetsEndingIn(begin) === 1 && openSegments(end) === 0 && others.every(isBlock)
  if (!isPlain || others.length === 0 || comments === undefined || !isFlacComments(comments)) return pages
  comments[0] = (comments[0] ?? 0) | LAST
  const following = headerPagesWith(comments, serialOf(begin), sequenceOf(end) + 1)
  return [firstPage(begin, sequenceOf(end) - following.length), ...following]
}

/** Whether a packet is metadata and no sound. */
function isBlock(packet: Buffer): boolean {
  return packet[0] !== 0xff
}

/** The page that begins the stream, with another number, when one header follows. */
function firstPage(page: Buffer, sequence: number): Buffer {
  const copy = Buffer.from(page)
  bodyOf(copy).writeUInt16BE(1, COUNT_AT)
  copy.writeUInt32LE(sequence >>> 0, SEQUENCE_AT)
  seal(copy)
  return copy
}
