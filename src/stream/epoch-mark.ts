import { randomBytes } from 'node:crypto'
import type { EpochRow, RingView } from '../../filters/frame-filter.ts'
import type { Epoch, EpochPlace, EpochStart } from './epoch.ts'

/** Length of the name of an epoch, in bytes. */
const ID_BYTES = 6
/** Frames without a duration at the end of an epoch that are looked at. */
const UNTIMED_FRAMES = 256
/** Positions are sums of fractions: so much before a boundary is at the boundary, in microseconds. */
const ROUNDING_US = 0.5

/** What a mark is made of. */
export interface MarkParts {
  /** The epoch before; undefined: there was none. */
  readonly before: Epoch | undefined
  readonly ring: RingView
  /** Frames are pages of Ogg. */
  readonly isOgg: boolean
  /** Duration of segments of HLS, in milliseconds. */
  readonly segmentMs: number
  /** In milliseconds since 1970. */
  readonly now: number
}

/**
 * Marks an epoch whose frames are cut here. Files that follow one another are one epoch for others, as they are one for players; but
 * not in Ogg, whose links have headers of their own.
 */
export function markEpoch(start: Omit<EpochStart, 'mark'>, parts: MarkParts): EpochPlace {
  const { from, us, isOther, followsOn, header } = start
  const { before, isOgg, now } = parts
  const isSame = before !== undefined && followsOn && !isOther && !isOgg && header.equals(before.header)
  if (isSame && before.mark !== undefined) return { ...before.mark, seq: from, extra: 0, us: before.positionAt(us) }
  const id = randomBytes(ID_BYTES).toString('hex')
  return { id, seq: from, extra: 0, us: 0, beganAt: now, row: rowOf(start, parts) }
}

function rowOf({ from, us }: Omit<EpochStart, 'mark'>, { before, ring, segmentMs, now }: MarkParts): EpochRow {
  const row = before?.mark?.row
  if (before === undefined || row?.segmentMs !== segmentMs) return { beganAt: now, epochs: 0, segments: 0, segmentMs }
  // An epoch without a frame is dropped.
  if (before.from === from) return row
  const segments = row.segments + segmentsBefore(from, before.positionAt(us), ring, segmentMs)
  return { ...row, epochs: row.epochs + 1, segments }
}

/** Returns the number of segments in an epoch: the last one has its last frame with a duration. @param endUs position of its end */
function segmentsBefore(from: number, endUs: number, ring: RingView, segmentMs: number): number {
  let seq = from - 1
  while (ring.at(seq)?.durationUs === 0 && from - seq < UNTIMED_FRAMES) seq--
  const durationUs = ring.at(seq)?.durationUs ?? 0
  return durationUs === 0 ? 0 : 1 + Math.floor((endUs - durationUs + ROUNDING_US) / (segmentMs * 1000))
}
