import type { Frame } from '../../filters/frame-filter.ts'
import { isOggFrame } from '../../filters/ogg/lead-in.ts'
import type { OggFrame } from '../../filters/ogg/link.ts'
import { pageStarts } from '../../filters/ogg/packet-samples.ts'
import { granuleOf, serialOf } from '../../filters/ogg/page.ts'

/**
 * Returns the duration of the first frame with sound, in milliseconds; 0 if unknown. The first page of Ogg states the time since
 * the stream began, long before this listener.
 */
export function firstFrameDuration(frame: Frame): number {
  return isOggFrame(frame) ? firstPageDuration(frame) : frame.durationUs / 1000
}

function firstPageDuration({ bytes, link }: OggFrame): number {
  const serial = serialOf(bytes)
  const stream = [...link.streams.values()].find((each) => each.serial === serial)
  const head = link.headerPages.find((page) => serialOf(page) === serial)
  const end = granuleOf(bytes)
  if (stream === undefined || head === undefined || end === undefined || stream.codec.rate === 0) return 0
  const start = pageStarts(head)(bytes, end)
  return start > 0 ? ((end - start) * 1000) / stream.codec.rate : 0
}
