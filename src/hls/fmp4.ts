import { fullBox, uint32, uint64 } from './boxes.ts'
import { fragment, type Packet } from './fragment.ts'
import { id3Tag, titleFrame } from './id3.ts'
import { initSegment, type Track } from './init-segment.ts'
import type { Packaging, SegmentFrames, TimedTitle } from './packaging.ts'

const US_PER_SECOND = 1e6
/** Maximum rounding error of a position, which is a sum of fractions, in microseconds. */
const ROUNDING_US = 0.5
const UNKNOWN_DURATION = 0xffffffff
/** Event with an ID3 tag: "Timed Metadata in the Common Media Application Format", AOM. */
const ID3_EVENT = Buffer.from('https://aomedia.org/emsg/ID3\0\0', 'latin1')

/**
 * Returns the packaging in fragments of MP4 (RFC 8216, section 3.3). A segment is one fragment, behind an event for each title.
 * @param codecs as in CODECS
 * @param packetsOf returns the packets of a segment
 */
export function fmp4Packaging(
  track: Track,
  codecs: string,
  packetsOf: (segment: SegmentFrames, time: number) => readonly Packet[],
): Packaging {
  return {
    extension: 'm4s',
    contentType: 'audio/mp4',
    codecs,
    init: initSegment(track),
    pack(segment) {
      const time = samplesAt(segment.us, track.rate)
      // A segment has at least a second, so each one has a number of its own.
      const sequence = 1 + Math.floor((segment.us + ROUNDING_US) / US_PER_SECOND)
      const events = segment.titles.map((title, at) => titleEvent(title, at, sequence, track.rate))
      return Buffer.concat([...events, ...fragment(sequence, time, packetsOf(segment, time))])
    },
  }
}

/** Event message box, version 1: ISO/IEC 23009-1, section 5.10.3.3. */
function titleEvent({ us, text }: TimedTitle, at: number, sequence: number, rate: number): Buffer {
  const time = [uint32(rate), uint64(samplesAt(us, rate)), uint32(UNKNOWN_DURATION)]
  const id = uint32(sequence * MAX_TITLES + (at % MAX_TITLES))
  return fullBox('emsg', 1, 0, ...time, id, ID3_EVENT, id3Tag(titleFrame(text)))
}

/** Titles of a segment that have numbers of their own. */
const MAX_TITLES = 16

function samplesAt(us: number, rate: number): number {
  return Math.round((us * rate) / US_PER_SECOND)
}
