import type { Frame, FrameFilter } from '../../filters/frame-filter.ts'
import type { Source } from '../source/source.ts'

const RAW_TYPE = 'application/octet-stream'

/** What to do with an opening, by its first frame. */
interface Verdict {
  /** Why it is not taken; undefined: it is. */
  readonly refusal?: string
  /** It is taken, and is not what was played before. */
  readonly isOther: boolean
}

/** Compares the formats of a source's openings. */
export interface FormatGuard {
  /** @param filter the opening's. @param first its first frame. */
  judge(filter: FrameFilter, first: Frame): Verdict
}

/** A source whose openings are of one format. */
export type Alike = Pick<Source, 'tries' | 'chosenFormat'>

/**
 * @param alike when it is there, an opening is refused that is of another format than the one before, or no sound that is
 * known; but not after so many refusals in a row, when nothing of the old format can be left.
 */
export function createFormatGuard(alike: Alike | undefined): FormatGuard {
  let playing: FrameFilter | undefined
  let refused = 0
  const refusalOf = (filter: FrameFilter, first: Frame) => {
    if (isRaw(filter) && first.durationUs === 0) return 'no sound of a known format'
    const isKept = playing === undefined || formatName(filter) === formatName(playing) || refused >= (alike?.tries ?? 1)
    const isChosen = formatName(filter) === alike?.chosenFormat
    return isKept || isChosen ? undefined : `${formatName(filter)} cannot follow ${formatName(playing)}`
  }
  return {
    judge(filter, first) {
      const refusal = alike === undefined ? undefined : refusalOf(filter, first)
      refused = refusal === undefined ? 0 : refused + 1
      if (refusal !== undefined) return { refusal, isOther: false }
      const isOther = playing !== undefined && formatName(filter) !== formatName(playing)
      playing = filter
      return { isOther }
    },
  }
}

/** Whether frames are pieces of bytes that nothing is known about. */
export function isRaw(filter: FrameFilter | undefined): boolean {
  return (filter?.contentType ?? RAW_TYPE) === RAW_TYPE
}

/** The media type alone would not tell WAV from WAV, nor 44.1 kHz from 48. */
export function formatName(filter: FrameFilter | undefined): string {
  const type = filter?.contentType ?? RAW_TYPE
  return filter?.format === undefined ? type : `${type} (${filter.format})`
}
