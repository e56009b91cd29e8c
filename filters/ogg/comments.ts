import { titleOfComments } from '../titles/vorbis-comment.ts'
import { byStream, packetsIn } from './packets.ts'

/** Type of the metadata block that holds FLAC's comments. */
const FLAC_COMMENTS = 4

/** Returns the title according to the header pages of a link; empty if they contain none. */
export function titleOfHeaders(pages: readonly Buffer[]): string {
  for (const own of byStream(pages)) {
    const [, second] = packetsIn(own)
    const comments = second && commentsIn(second)
    const title = comments === undefined ? '' : titleOfComments(comments)
    if (title !== '') return title
  }
  return ''
}

/** Returns whether a packet is a FLAC metadata block with comments. */
export function isFlacComments(packet: Buffer): boolean {
  return packet.length >= 4 && ((packet[0] ?? 0) & 0x7f) === FLAC_COMMENTS
}

/**
 * Returns the content of a header after its magic bytes: for Opus (RFC 7845 5.2), Vorbis (Vorbis I 4.2.1) and FLAC (RFC
 * 9639 8.1).
 */
function commentsIn(packet: Buffer): Buffer | undefined {
  for (const magic of ['OpusTags', '\x03vorbis']) {
    if (packet.toString('latin1', 0, magic.length) === magic) return packet.subarray(magic.length)
  }
  return isFlacComments(packet) ? packet.subarray(4) : undefined
}
