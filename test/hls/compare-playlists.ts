import type { ListedSegment, ParsedPlaylist } from './parse-playlist.ts'

/** Least duration of a playlist that a segment is removed from, in target durations (section 6.2.2). */
const LEAST = 3

/** Returns the rules that a playlist breaks as the successor of another one (RFC 8216, sections 6.2.1 and 6.2.2). */
export function comparePlaylists(before: ParsedPlaylist, now: ParsedPlaylist): string[] {
  const faults: string[] = []
  const [first, last] = [now.segments[0], now.segments.at(-1)]
  const [firstBefore, lastBefore] = [before.segments[0], before.segments.at(-1)]
  if (first === undefined || last === undefined || firstBefore === undefined || lastBefore === undefined) {
    return ['a playlist without segments']
  }
  if (now.targetDuration !== before.targetDuration) {
    faults.push(`the target duration was ${before.targetDuration} and is ${now.targetDuration}`)
  }
  if (first.sequence < firstBefore.sequence) {
    faults.push(`MEDIA-SEQUENCE goes back from ${firstBefore.sequence} to ${first.sequence}`)
  }
  if (last.sequence < lastBefore.sequence) faults.push(`${lastBefore.uri} was removed from the end`)
  if (first.sequence > firstBefore.sequence && durationOf(now) < LEAST * now.targetDuration) {
    faults.push(`segments are removed from a playlist of ${durationOf(now)} s`)
  }
  return [...faults, ...discontinuityFaults(before, now), ...changedSegments(before, now)]
}

/** In seconds. */
export function durationOf({ segments }: ParsedPlaylist): number {
  return segments.reduce((sum, { duration }) => sum + duration, 0)
}

function discontinuityFaults(before: ParsedPlaylist, now: ParsedPlaylist): string[] {
  const first = now.segments[0]?.sequence ?? 0
  const removed = before.segments.filter(({ sequence, isDiscontinuity }) => sequence < first && isDiscontinuity).length
  const expected = before.discontinuitySequence + removed
  const follows = first <= (before.segments.at(-1)?.sequence ?? 0) + 1
  const isRight = follows ? now.discontinuitySequence === expected : now.discontinuitySequence >= expected
  if (isRight) return []
  return [
    `DISCONTINUITY-SEQUENCE is ${now.discontinuitySequence}; ${removed} were removed after ${before.discontinuitySequence}`,
  ]
}

function changedSegments(before: ParsedPlaylist, now: ParsedPlaylist): string[] {
  const known = new Map(before.segments.map((segment) => [segment.sequence, segment]))
  return now.segments.flatMap((segment) => {
    const old = known.get(segment.sequence)
    return old === undefined || describe(old) === describe(segment)
      ? []
      : [`segment ${segment.sequence} was ${describe(old)} and is ${describe(segment)}`]
  })
}

function describe(segment: ListedSegment): string {
  return JSON.stringify(segment)
}
