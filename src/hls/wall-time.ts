/** Sound that is later than expected by more follows a gap, in milliseconds: more than pages of Ogg and pauses of reading last. */
const GAP_MS = 3_000
/** Sound that is earlier by more is so because the clock was set, in milliseconds. */
const CLOCK_SET_MS = 60_000
/** Part of a segment's duration by which its time may differ from the end of the one before: more than clocks differ. */
const SLEW = 0.001

/** Durations of a segment by which the time of an epoch's beginning may be wrong, before arrivals count. */
const NEAR_SEGMENTS = 2.5

/**
 * Returns when the sound of a frame was on the air, for an epoch with a mark: as its position says, so that all servers that have the
 * epoch say the same, whenever they have received it; but not long beside when it arrived. The clock of a source may be wrong, and it
 * may have paused.
 * @param beganAt when the epoch began @param us position of the frame @param arrival measured here
 */
export function wallTimeInEpoch(beganAt: number, us: number, arrival: number, segmentMs: number): number {
  const stated = beganAt + us / 1000
  return Math.abs(stated - arrival) <= NEAR_SEGMENTS * segmentMs ? stated : arrival
}

/**
 * Returns the wall time of a segment: it follows the one before, unless there is a gap, or the clock was set. Sources that are ahead of
 * time, such as files, do not make time go back.
 * @param measured when its sound arrived @param before the segment before; undefined: there was none
 */
export function wallTime(
  measured: number,
  before: { readonly endsAt: number; readonly durationUs: number } | undefined,
): number {
  if (before === undefined) return measured
  const late = measured - before.endsAt
  if (late > GAP_MS || late < -CLOCK_SET_MS) return measured
  const most = (before.durationUs / 1000) * SLEW
  return before.endsAt + Math.max(-most, Math.min(late, most))
}
