import type { RingView } from './frame-filter.ts'
import { isOggFrame, packetBeginning } from './ogg-lead-in.ts'
import type { OggFrame } from './ogg-link.ts'
import { isContinued, sequenceOf, serialOf } from './ogg-page.ts'

/**
 * What goes out before a page to who did not get the one before it: the headers of its link, as long as they are missing, and
 * the beginning of a packet that the page goes on with.
 *
 * Who has got the headers must not get them again. A page that begins a logical stream which has begun already is no Ogg (RFC
 * 3533 4), and in a trial with such pages after a skip flac gave up ("lost sync"), ffmpeg took the headers of Opus and FLAC for
 * sound that it could not decode, and oggz-validate found the positions decreasing; with or without the flag that begins a
 * stream, or an end of the stream before it. A hole in the page numbers alone they all take without a word, but for opusdec,
 * which says "Hole in data" and goes on.
 */

const NOTHING = Buffer.alloc(0)

/** What joiners got before a page, for as long as the page is kept: a thousand who come at once share it. */
const given = new WeakMap<OggFrame, Buffer>()

/** See `FrameFilter.preamble`. */
export function oggPreamble(at: number, ring: RingView, joining: boolean, missedFrom?: number): Buffer | null {
  const frame = ring.at(at)
  // A link's first page needs nothing, whatever was before it.
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

/** The headers, numbered so that `page` follows them. */
function headersBefore(page: Buffer, at: number, frame: OggFrame, ring: RingView): Buffer {
  const own = serialOf(page)
  return frame.link.headers.numbered((serial) => {
    return serial === own ? sequenceOf(page) : nextSequence(serial, at, frame, ring)
  })
}

/**
 * Whether some of the headers went by in what was skipped. When it is not known what that was, it reached from before the oldest
 * page in the ring on: headers that are still in the ring were not sent, and those before it are taken to have been.
 */
function lacksHeaders(at: number, { link, place }: OggFrame, ring: RingView, missedFrom: number | undefined): boolean {
  const firstSound = at - place + link.headerPages.length
  return missedFrom === undefined ? firstSound > ring.first : missedFrom < firstSound
}

/** @returns the number of the page of another logical stream that comes next after frame `at`. */
function nextSequence(serial: number, at: number, { link }: OggFrame, ring: RingView): number {
  for (let seq = at + 1; seq < ring.next; seq++) {
    const frame = ring.at(seq)
    if (!isOggFrame(frame) || frame.link !== link) break
    if (serialOf(frame.bytes) === serial) return sequenceOf(frame.bytes)
  }
  return link.nextSequence(serial)
}
