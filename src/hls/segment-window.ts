import type { EpochPlace } from '../stream/epoch.ts'
import type { Clock } from '../system/clock.ts'
import { firstDiscontinuity, firstNumber, firstNumberOfEpoch } from './first-number.ts'
import type { HlsEpoch } from './hls-epoch.ts'
import type { Segment } from './segment.ts'

/** Number of segments in a playlist. */
export const WINDOW_SEGMENTS = 10
/** Time for which a cache may send a playlist that has changed, in milliseconds: its max-age and stale-while-revalidate. */
const CACHED_MS = 3_000

/** A segment in the playlist. */
export interface ListedSegment {
  readonly segment: Segment
  /** Media Sequence Number. */
  readonly sequence: number
  /** Discontinuity Sequence Number, its own discontinuity included. */
  readonly discontinuity: number
  /** A discontinuity precedes it: it is the first one of its epoch. */
  readonly isFirst: boolean
}

interface RetiredSegment {
  readonly segment: Segment
  /** In milliseconds of the clock. */
  readonly until: number
}

/**
 * The segments of a stream that clients may request.
 *
 * ```
 *   retired                     listed
 *   [f][g][h][i][j][k][l][m][n] [o][p][q][r][s][t][u][v][w][x]
 *    '-- until it has been out of the playlist for the playlist's duration and its own: RFC 8216, section 6.2.2
 * ```
 */
export class SegmentWindow {
  #listed: readonly ListedSegment[] = []
  #retired: RetiredSegment[] = []
  readonly #clock: Clock
  /** Numbers of the last segment. */
  #sequence = -1
  #discontinuity = -1
  #last: Segment | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get listed(): readonly ListedSegment[] {
    return this.#listed
  }

  get isEmpty(): boolean {
    return this.#listed.length === 0 && this.#retired.length === 0
  }

  add(segment: Segment): void {
    const sequence = this.#sequenceOf(segment)
    // Its place is taken: a server that reads a hub may begin again before the end of the last segment.
    if (sequence <= this.#sequence) return
    if (sequence > this.#sequence + 1) this.#retire(this.#listed.length)
    const { mark } = segment.epoch
    const isBegun = this.#listed.length === 0
    const isNew = !this.#goesOnWith(segment.epoch) || (isBegun && mark === undefined)
    if (isNew) this.#discontinuity = this.#nextDiscontinuity(segment, isBegun)
    // A client that has the segments before, of another server, finds no discontinuity.
    const goesOn = mark !== undefined && isBegun && segment.number > 0
    const isFirst = isNew && !goesOn
    this.#sequence = sequence
    this.#last = segment
    const { length } = this.#listed
    if (length >= WINDOW_SEGMENTS) this.#retire(length - WINDOW_SEGMENTS + 1)
    const added = { segment, sequence, discontinuity: this.#discontinuity, isFirst }
    this.#listed = [...this.#listed, added]
    this.#dropRetired()
  }

  /** Segments have consecutive numbers, also across epochs; those of an epoch with a mark are the same at all servers. */
  #sequenceOf({ epoch, number, wallMs }: Segment): number {
    const next = this.#sequence + 1
    const isBegun = this.#listed.length === 0
    if (epoch.mark === undefined) return isBegun ? Math.max(next, firstNumber(wallMs, epoch.segmentMs)) : next
    epoch.zero ??=
      (this.#goesOnWith(epoch) ? this.#last?.epoch.zero : undefined) ?? this.#zeroOf(epoch, epoch.mark, number)
    return epoch.zero + number
  }

  /** Whether the last segment is of the same epoch, which may have been interrupted here. */
  #goesOnWith(epoch: HlsEpoch): boolean {
    const last = this.#last?.epoch
    return last === epoch || (epoch.mark !== undefined && last?.name === epoch.name)
  }

  /** Returns the number of segment 0 of an epoch, of which `number` is the first one here. */
  #zeroOf({ segmentMs }: HlsEpoch, { beganAt, row }: EpochPlace, number: number): number {
    const least = this.#sequence + 1 - number
    if (row?.segmentMs === segmentMs) return Math.max(least, firstNumberOfEpoch(row.beganAt) + row.segments)
    const followsOn = this.#listed.length > 0 && number === 0
    return followsOn ? least : Math.max(least, firstNumberOfEpoch(beganAt))
  }

  #nextDiscontinuity({ wallMs, epoch: { segmentMs, mark } }: Segment, isBegun: boolean): number {
    const next = this.#discontinuity + 1
    const { row } = mark ?? {}
    if (row?.segmentMs === segmentMs) return Math.max(next, firstDiscontinuity(row.beganAt, segmentMs) + row.epochs)
    return isBegun ? Math.max(next, firstDiscontinuity(mark?.beganAt ?? wallMs, segmentMs)) : next
  }

  /** Returns a segment, listed or not; undefined: there is none, or not any more. @param tag undefined: any */
  find(epoch: string, number: string, extension: string, tag: string | null): Segment | undefined {
    const now = this.#clock.now()
    const held = [
      ...this.#listed.map(({ segment }) => segment),
      ...this.#retired.filter(({ until }) => until > now).map(({ segment }) => segment),
    ]
    return held.find(
      (one) =>
        String(one.number) === number &&
        one.epoch.name === epoch &&
        one.epoch.packaging?.extension === extension &&
        (tag === null || one.tag === tag),
    )
  }

  /** Returns an epoch of which there are segments, by its name. */
  epochNamed(name: string): Segment['epoch'] | undefined {
    const held = [...this.#listed, ...this.#retired]
    return held.find(({ segment }) => segment.epoch.name === name)?.segment.epoch
  }

  /** Drops what no client may request any more. @param goneBefore wall time: a playlist that ends before is of the past */
  age(goneBefore: number): boolean {
    const newest = this.#listed.at(-1)?.segment
    const isOver = newest !== undefined && newest.endsAt < goneBefore
    if (isOver) this.#retire(this.#listed.length)
    this.#dropRetired()
    return isOver
  }

  #retire(count: number): void {
    const now = this.#clock.now()
    const windowMs = this.#listed.reduce((ms, { segment }) => ms + segment.durationUs / 1000, 0)
    for (const { segment } of this.#listed.slice(0, count)) {
      // While no client requests playlists, half of the memory is enough.
      if (!segment.isKnown) continue
      this.#retired.push({ segment, until: now + windowMs + segment.durationUs / 1000 + CACHED_MS })
    }
    this.#listed = this.#listed.slice(count)
  }

  #dropRetired(): void {
    const now = this.#clock.now()
    while (this.#retired[0] !== undefined && this.#retired[0].until <= now) this.#retired.shift()
  }
}
