/** Sound that is later than expected by more follows a gap, in milliseconds: more than pages of Ogg and pauses of reading last. */
const GAP_MS = 3_000
/** Sound that is earlier by more is so because the clock was set, in milliseconds. */
const CLOCK_SET_MS = 60_000
/** Part of a segment's duration by which its time may differ from the end of the one before: more than clocks differ. */
const SLEW = 0.001

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
