import type { Frame, FrameFilter } from '../../filters/frame-filter.ts'
import type { Source } from '../source/source.ts'

const RAW_TYPE = 'application/octet-stream'
const NO_FORMAT = 'no sound of a known format'

/** Decision about an opening, by its first frame. */
interface Verdict {
  /** Why it is refused; undefined: it is accepted. */
  readonly refusal?: string
  /** It is accepted, and its format differs from the one played before. */
  readonly isOther: boolean
}

/** Compares the formats of a source's openings. */
export interface FormatGuard {
  /** @param filter the opening's filter. @param first its first frame. @param hasEnded no further bytes follow. */
  judge(filter: FrameFilter, first: Frame, hasEnded: boolean): Verdict
}

/** The properties of a source whose openings have one format. */
export type Alike = Pick<Source, 'tries' | 'chosenFormat'>

/**
 * @param alike if set, an opening is refused when its format differs from the previous one or is not known sound; but not after
 * `tries` refusals in a row, because then nothing of the old format can be left.
 * @param refusesRaw an opening without a known format is refused after one that has one. Otherwise only one that has ended before
 * its format was recognised: it was cut short, and listeners can go on with the next one.
 */
export function createFormatGuard(alike: Alike | undefined, refusesRaw = false): FormatGuard {
  let playing: FrameFilter | undefined
  let refused = 0
  const refusalOf = (filter: FrameFilter, first: Frame) => {
    if (isRaw(filter) && first.durationUs === 0) return NO_FORMAT
    const isKept = playing === undefined || formatName(filter) === formatName(playing) || refused >= (alike?.tries ?? 1)
    const isChosen = formatName(filter) === alike?.chosenFormat
    return isKept || isChosen ? undefined : `${formatName(filter)} cannot follow ${formatName(playing)}`
  }
  return {
    judge(filter, first, hasEnded) {
      const isCut = (refusesRaw || hasEnded) && playing !== undefined && !isRaw(playing) && isRaw(filter)
      const refusal = alike === undefined ? (isCut ? NO_FORMAT : undefined) : refusalOf(filter, first)
      refused = refusal === undefined ? 0 : refused + 1
      if (refusal !== undefined) return { refusal, isOther: false }
      const isOther = playing !== undefined && formatName(filter) !== formatName(playing)
      playing = filter
      return { isOther }
    },
  }
}

/** Whether frames are pieces of bytes of an unknown format. */
export function isRaw(filter: FrameFilter | undefined): boolean {
  return isRawType(filter?.contentType)
}

/** Whether the frames of a media type are pages of Ogg. */
export function isOggType(contentType: string | undefined): boolean {
  return /^(?:audio|application)\/ogg/.test(contentType ?? '')
}

/** Whether a filter's media type is that of bytes of an unknown format. */
export function isRawType(contentType: string | undefined): boolean {
  return (contentType ?? RAW_TYPE) === RAW_TYPE
}

/** The media type alone does not distinguish WAV from WAV, nor 44.1 kHz from 48 kHz. */
export function formatName(filter: FrameFilter | undefined): string {
  const type = filter?.contentType ?? RAW_TYPE
  return filter?.format === undefined ? type : `${type} (${filter.format})`
}
