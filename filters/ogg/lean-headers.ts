import { leanComments } from '../titles/lean-comments.ts'
import { identify, streamInfoAt } from './codec.ts'
import { leanFlacPackets } from './flac-headers.ts'
import { byStream, headerPagesWith, packetsIn } from './packets.ts'
import { bodyOf, openSegments, packetsEndingIn, SEQUENCE_AT, seal, sequenceOf, serialOf } from './page.ts'

const OPUS_TAGS = Buffer.from('OpusTags')
const VORBIS_COMMENTS = Buffer.from('\x03vorbis', 'latin1')
/** The byte at the end of Vorbis' comments (Vorbis I 5.2.1). */
const FRAMING_BIT = Buffer.from([1])

/** @returns the header pages of a link as listeners receive them, with all first pages in front. */
export function leanHeaders(pages: readonly Buffer[]): readonly Buffer[] {
  const streams = byStream(pages)
  const lean = streams.map(leanStream)
  if (lean.every((own, i) => own === streams[i])) return pages
  return [...lean.flatMap((own) => own.slice(0, 1)), ...lean.flatMap((own) => own.slice(1))]
}

/**
 * Removes from the headers of one logical stream what listeners do not need: covers, and in FLAC also padding and seek
 * points.
 * @param pages all its header pages.
 * @returns the same pages if there is nothing to remove; otherwise pages that precede the same first page of sound.
 */
function leanStream(pages: readonly Buffer[]): readonly Buffer[] {
  const [begin, end] = [pages[0], pages.at(-1)]
  if (begin === undefined || end === undefined || packetsEndingIn(begin) !== 1 || openSegments(end) !== 0) return pages
  const packets = packetsIn(pages)
  const lean = leanPackets(packets)
  if (lean === undefined) return pages
  const [head = bodyOf(begin), ...others] = lean
  const following = headerPagesWith(others, serialOf(begin), sequenceOf(end) + 1)
  return [firstPage(begin, head, sequenceOf(end) - following.length), ...following]
}

function leanPackets(packets: readonly Buffer[]): readonly Buffer[] | undefined {
  const [head, second, ...others] = packets
  if (head === undefined || second === undefined) return undefined
  if (streamInfoAt(head) !== undefined) return leanFlacPackets(packets)
  if (identify(head).headerPackets !== packets.length) return undefined
  for (const [magic, end] of [
    [OPUS_TAGS, Buffer.alloc(0)],
    [VORBIS_COMMENTS, FRAMING_BIT],
  ] as const) {
    const isOfKind = second.subarray(0, magic.length).equals(magic)
    const comments = isOfKind ? leanComments(second.subarray(magic.length)) : undefined
    if (comments !== undefined) return [head, Buffer.concat([magic, comments, end]), ...others]
  }
  return undefined
}

/** Returns the page that begins the stream, with another number and possibly another packet of the same length. */
function firstPage(page: Buffer, packet: Buffer, sequence: number): Buffer {
  const copy = Buffer.from(page)
  packet.copy(bodyOf(copy))
  copy.writeUInt32LE(sequence >>> 0, SEQUENCE_AT)
  seal(copy)
  return copy
}
