import { adtsDurationUs } from '../../filters/aac/adts-header.ts'
import { mpegDurationUs } from '../../filters/mpeg/header.ts'
import { wholeFrame } from '../../filters/mpeg/whole-frame.ts'
import { id3Tag, timestampFrame, titleFrame } from './id3.ts'
import type { Packaging, SegmentFrames } from './packaging.ts'

/**
 * Packed audio (RFC 8216, section 3.4): frames as they are, behind an ID3 tag with the time of the first one and its title.
 * Titles that begin within the segment have a tag in front of the frame with which they begin.
 *
 * ```
 *   [ID3 time, title][frame][frame][frame][ID3 title][frame][frame]
 * ```
 */

/** MP3. The first frame is changed so that it needs nothing of the segment before, and no silence comes between the two. */
export const MP3_PACKAGING: Packaging = {
  extension: 'mp3',
  contentType: 'audio/mpeg',
  codecs: 'mp4a.40.34',
  init: undefined,
  pack(segment) {
    const [first = NOTHING, next] = segment.frames
    const whole = wholeFrame(first, segment.preamble, next)
    return packed(segment, [whole ?? first, ...segment.frames.slice(1)], mpegDurationUs)
  },
}

/** AAC in ADTS. @param codecs as in CODECS */
export function aacPackaging(codecs: string): Packaging {
  return {
    extension: 'aac',
    contentType: 'audio/aac',
    codecs,
    init: undefined,
    pack: (segment) => packed(segment, segment.frames, adtsDurationUs),
  }
}

const NOTHING = Buffer.alloc(0)
/** Positions are sums of fractions: so much before a frame is at the frame, in microseconds. */
const ROUNDING_US = 0.5

function packed(
  { us, titles }: SegmentFrames,
  frames: readonly Buffer[],
  durationUs: (frame: Buffer, at: number) => number,
): Buffer {
  const named = titles.findLast((title) => title.us <= us + ROUNDING_US)
  const later = titles.filter((title) => title.us > us + ROUNDING_US)
  const parts = [id3Tag(timestampFrame(us), ...(named === undefined ? [] : [titleFrame(named.text)]))]
  let position = us
  for (const frame of frames) {
    while (later[0] !== undefined && later[0].us <= position + ROUNDING_US) {
      parts.push(id3Tag(titleFrame(later[0].text)))
      later.shift()
    }
    parts.push(frame)
    position += durationUs(frame, 0)
  }
  return Buffer.concat(parts)
}
