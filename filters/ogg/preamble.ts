import type { RingView } from '../frame-filter.ts'
import { isOggFrame, packetBeginning } from './lead-in.ts'
import type { OggFrame } from './link.ts'
import { isContinued, sequenceOf, serialOf } from './page.ts'

/**
 * Preamble of a page for a listener that did not receive the page before it: the headers of its link, unless the listener
 * already has them, and the beginning of a packet that continues in the page.
 *
 * Headers must not be sent twice. A page that begins a logical stream which has already begun is not valid Ogg
 * (RFC 3533 4). In a trial with such pages after a skip, flac gave up ("lost sync"), ffmpeg treated the headers of Opus and
 * FLAC as sound that it could not decode, and oggz-validate reported decreasing positions; with or without the flag that
 * begins a stream, or an end of the stream before it. All of them accept a gap in the page numbers alone without a message,
 * except opusdec, which prints "Hole in data" and continues.
 */

const NOTHING = Buffer.alloc(0)

/** Preambles by page, kept as long as the page: a thousand listeners that join at once share one. */
const given = new WeakMap<OggFrame, Buffer>()

/** See `FrameFilter.preamble`. */
export function oggPreamble(at: number, ring: RingView, joining: boolean, missedFrom?: number): Buffer | null {
  const frame = ring.at(at)
  // The first page of a link needs no preamble, whatever precedes it.
  if (!isOggFrame(frame) || frame.place === 0) return NOTHING
  if (frame.place < frame.link.headerPages.length) return null
  const lacksNone = !joining && !lacksHeaders(at, frame, ring, missedFrom)
  const known = lacksNone ? undefined : given.get(frame)
  if (known !== undefined) return known
  const beginning = packetBeginning(at, frame, ring)
  if (beginning === null) return null
  if (lacksNone) return Buffer.concat(beginning)
  const preamble = Buffer.concat([headersBefore(beginning[0] ?? frame.bytes, at, frame, ring), ...beginning])
  const isForGood = frame.link.streams.size === 1 && (beginning.length > 0 || !isContinued(frame.bytes))
  if (isForGood) given.set(frame, preamble)
  return preamble
}

/** Returns the headers, numbered so that `page` follows them. */
function headersBefore(page: Buffer, at: number, frame: OggFrame, ring: RingView): Buffer {
  const own = serialOf(page)
  return frame.link.headers.numbered((serial) => {
    return serial === own ? sequenceOf(page) : nextSequence(serial, at, frame, ring)
  })
}

/**
 * Returns whether some of the headers were among the skipped frames. If the first skipped frame is unknown, it is assumed
 * to be older than the ring: then headers still in the ring were not sent, and older ones are assumed to have been sent.
 */
function lacksHeaders(at: number, { link, place }: OggFrame, ring: RingView, missedFrom: number | undefined): boolean {
  const firstSound = at - place + link.headerPages.length
  return missedFrom === undefined ? firstSound > ring.first : missedFrom < firstSound
}

/** @returns the number of the first page of another logical stream after frame `at`. */
function nextSequence(serial: number, at: number, { link }: OggFrame, ring: RingView): number {
  for (let seq = at + 1; seq < ring.next; seq++) {
    const frame = ring.at(seq)
    if (!isOggFrame(frame) || frame.link !== link) break
    if (serialOf(frame.bytes) === serial) return sequenceOf(frame.bytes)
  }
  return link.nextSequence(serial)
}
