import type { Frame, RingView } from '../frame-filter.ts'
import type { Link, OggFrame } from './link.ts'
import { openPacketAlone } from './packets.ts'
import { isContinued, isWhollyOpen, openSegments, sequenceOf, serialOf } from './page.ts'

/**
 * Lead-in of an Ogg page. A page may begin with the rest of a packet (RFC 3533 5); if packets are large, like those of FLAC
 * with large blocks, nearly every page does. A listener that starts there first receives the beginning of that packet, in a
 * page of its own that has the number of the page with that beginning.
 *
 * ```
 *   in the stream   [ C ][ D ][ E.. ]  [ ..E ][ F ][ G.. ]
 *   for a joiner    (headers) [ E.. ]  [ ..E ][ F ][ G.. ]
 * ```
 */

/** @returns whether the frame is an Ogg page from one of these filters. */
export function isOggFrame(frame: Frame | undefined): frame is OggFrame {
  return frame !== undefined && 'link' in frame
}

/**
 * Returns the pages that hold the beginning of the packet which continues in frame `at`.
 * @returns none if the frame begins with a packet; null if the beginning is not in the stream, or not in the ring any more.
 */
export function packetBeginning(at: number, frame: OggFrame, ring: RingView): Buffer[] | null {
  const pages: Buffer[] = []
  let page = frame.bytes
  for (let seq = at; isContinued(page); ) {
    seq = previousPage(seq, frame.link, serialOf(page), ring)
    const previous = ring.at(seq)?.bytes
    // The ring holds too little. The newest page is sent without a lead-in; otherwise no listener could join with a small
    // ring.
    if (previous === undefined) return at + 1 < ring.next ? null : []
    const segments = openSegments(previous)
    if (segments === 0 || (sequenceOf(previous) + 1) >>> 0 !== sequenceOf(page)) return null
    if (!isWhollyOpen(previous)) {
      pages.unshift(openPacketAlone(previous, segments))
      break
    }
    pages.unshift(previous)
    page = previous
  }
  return pages
}

/** @returns the number in the ring of the previous page of the same logical stream; -1 if there is none. */
function previousPage(seq: number, link: Link, serial: number, ring: RingView): number {
  for (let at = seq - 1; at >= ring.first; at--) {
    const frame = ring.at(at)
    if (!isOggFrame(frame) || frame.link !== link || frame.place < link.headerPages.length) return -1
    if (serialOf(frame.bytes) === serial) return at
  }
  return -1
}
