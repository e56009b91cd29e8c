import { adtsDurationUs } from '../../filters/aac/adts-header.ts'
import { wholeFrame } from '../../filters/mpeg/whole-frame.ts'
import { id3Tag, timestampFrame, titleFrame } from './id3.ts'
import type { Packaging, SegmentFrames } from './packaging.ts'

/**
 * Packed audio (RFC 8216, section 3.4): frames behind an ID3 tag with the time of the first one and its title.
 *
 * ```
 *   [ID3 time, title][frame][frame][frame][ID3 title][frame][frame]
 * ```
 *
 * In AAC, titles that begin within the segment have a tag in front of the frame with which they begin. In MP3 they are in the next
 * segment only: ffmpeg and madplay lose a frame and more behind a tag between frames.
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
    return Buffer.concat([leadingTag(segment), whole ?? first, ...segment.frames.slice(1)])
  },
}

/** AAC in ADTS. @param codecs as in CODECS */
export function aacPackaging(codecs: string): Packaging {
  return {
    extension: 'aac',
    contentType: 'audio/aac',
    codecs,
    init: undefined,
    pack: (segment) => Buffer.concat([leadingTag(segment), ...withTitles(segment)]),
  }
}

const NOTHING = Buffer.alloc(0)
/** Maximum rounding error of a position, which is a sum of fractions, in microseconds. */
const ROUNDING_US = 0.5

function leadingTag({ us, titles }: SegmentFrames): Buffer {
  const title = titles.findLast((one) => one.us <= us + ROUNDING_US)
  return id3Tag(timestampFrame(us), ...(title === undefined ? [] : [titleFrame(title.text)]))
}

/** Returns the frames of AAC, with the tags of titles that begin behind the first one. */
function withTitles({ us, frames, titles }: SegmentFrames): readonly Buffer[] {
  const later = titles.filter((one) => one.us > us + ROUNDING_US)
  if (later.length === 0) return frames
  const parts: Buffer[] = []
  let position = us
  for (const frame of frames) {
    while (later[0] !== undefined && later[0].us <= position + ROUNDING_US) {
      parts.push(id3Tag(titleFrame(later[0].text)))
      later.shift()
    }
    parts.push(frame)
    position += adtsDurationUs(frame, 0)
  }
  return parts
}
