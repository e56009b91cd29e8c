import type { Frame } from '../../filters/frame-filter.ts'
import type { Epoch } from '../stream/epoch.ts'
import { isOggType } from '../stream/format-guard.ts'
import type { FrameWatcher } from '../stream/frame-watcher.ts'
import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'
import { HlsEpoch } from './hls-epoch.ts'
import { OpenSegment } from './open-segment.ts'
import type { Segment } from './segment.ts'
import { wallTime, wallTimeInEpoch } from './wall-time.ts'

/** Receiver of segments. */
export interface SegmentReceiver {
  /** A segment is whole. */
  cut(segment: Segment): void
  /** It is known whether the segments of an epoch can be packed. */
  known(epoch: HlsEpoch): void
  /** The plan of the stream has changed, so that segments have another duration, or there are none. */
  planChanged(): void
  /** There will be no more segments of this stream. */
  finished(): void
}

/** Time without a frame after the end of an opening, after which what there is becomes a segment, in milliseconds. */
const FLUSH_AFTER_MS = 1_000
/** Frames without a duration after which none is expected. */
const UNTIMED_FRAMES = 256
/** Positions are sums of fractions: so much before a boundary is at the boundary, in microseconds. */
const ROUNDING_US = 0.5

/**
 * Cuts the frames of a stream into segments: segment N of an epoch has the frames whose first sample is in [N·T, (N+1)·T) of its
 * clock, which begins with its first frame. So segments follow from the frames alone.
 *
 * ```
 *   clock      0         T         2T        3T
 *   frames     |--|--|--|--|--|--|--|--|--|--|--|-        a frame belongs to the segment in which it begins
 *   segments   [0        ][1          ][2     ][3
 * ```
 */
export class Segmenter implements FrameWatcher {
  /** It must not make the source be read more often than listeners do. */
  readonly pauseMs = 500
  readonly segmentMs: number
  readonly #stream: Stream
  readonly #receiver: SegmentReceiver
  readonly #clock: Clock
  readonly #stopWatching: () => void
  /** The first frame that is not in a segment. */
  #from: number
  #epoch: { readonly of: Epoch; readonly hls: HlsEpoch } | undefined
  /** Position of the next frame in its epoch, in microseconds: a sum in the order of the frames, the same at every origin. */
  #us = 0
  /** The last segment that is not whole here, because frames of it came before the first one; -1: all are. */
  #incomplete = -1
  #segment: OpenSegment | undefined
  /** The last one that is whole. */
  #last: Pick<Segment, 'endsAt' | 'durationUs'> | undefined
  #untimed = 0
  #cancelFlush: (() => void) | undefined

  /** Cuts from the epoch of the newest frames on, as far as the ring reaches, or from a later frame on. */
  constructor(stream: Stream, segmentMs: number, receiver: SegmentReceiver, clock: Clock, from = 0) {
    this.segmentMs = segmentMs
    this.#stream = stream
    this.#receiver = receiver
    this.#clock = clock
    this.#from = Math.max(from, stream.ring.first, stream.epochs.newest?.from ?? stream.ring.next)
    this.#stopWatching = stream.watch(this)
    this.#read()
  }

  /** Number of the first frame that is not in a segment yet, when it stops. */
  stop(): number {
    this.#cancelFlush?.()
    this.#stopWatching()
    this.#close()
    return this.#from
  }

  /** Hot path: frames are read with their chunk, but before the ring drops them. */
  frameCame(): void {
    const { ring } = this.#stream
    if (ring.next - this.#from >= ring.quarter) this.#read()
  }

  chunkEnded(): void {
    if (this.#stream.plan.hls?.segmentMs !== this.segmentMs) this.#receiver.planChanged()
    else this.#read()
  }

  openingEnded(): void {
    this.#read()
    this.#cancelFlush?.()
    this.#cancelFlush = this.#clock.after(FLUSH_AFTER_MS, () => this.#endEpoch())
  }

  formatChanged(): void {}

  sourceRefused(): void {}

  streamFinished(): void {
    this.#read()
    this.#endEpoch()
    this.stop()
    this.#receiver.finished()
  }

  #read(): void {
    const { ring, epochs } = this.#stream
    if (this.#from >= ring.next) return
    this.#cancelFlush?.()
    // Frames were dropped that were not read.
    if (this.#from < ring.first) this.#endEpoch()
    const { newest } = epochs
    for (let seq = Math.max(this.#from, ring.first); seq < ring.next; seq++) {
      const frame = ring.at(seq)
      const epoch = newest !== undefined && seq >= newest.from ? newest : epochs.at(seq)
      if (frame === undefined || epoch === undefined) continue
      if (this.#epoch?.of !== epoch) this.#enter(epoch, seq)
      this.#take(frame, seq)
    }
    this.#from = ring.next
  }

  /** Hot path. */
  #take(frame: Frame, seq: number): void {
    const hls = this.#epoch?.hls
    if (hls === undefined || hls.refusal !== undefined) return
    const number = this.#numberAt(this.#us)
    if (this.#segment !== undefined && this.#segment.number !== number) this.#close()
    if (number > this.#incomplete) {
      this.#segment ??= this.#open(hls, number, seq)
      this.#segment.add(frame, this.#stream.titles.at(seq))
    }
    this.#us += frame.durationUs
    this.#untimed = frame.durationUs > 0 ? 0 : this.#untimed + 1
    if (this.#untimed >= UNTIMED_FRAMES) this.#refuse(hls)
  }

  #open(epoch: HlsEpoch, number: number, seq: number): OpenSegment {
    const wallMs = this.#wallTimeOf(epoch, seq)
    return new OpenSegment({ epoch, number, us: this.#us, wallMs, preamble: this.#preambleOf(seq) })
  }

  #wallTimeOf({ mark }: HlsEpoch, seq: number): number {
    const arrival = this.#arrivalOf(seq)
    if (mark === undefined) return wallTime(arrival, this.#last)
    const inEpoch = wallTimeInEpoch(mark.beganAt, this.#us, arrival, this.segmentMs)
    return inEpoch === arrival ? wallTime(arrival, this.#last) : inEpoch
  }

  /** The files of one list are one epoch, but not in Ogg, whose links have headers of their own. */
  #enter(epoch: Epoch, seq: number): void {
    const { hls } = this.#epoch ?? {}
    if (hls === undefined || !continues(hls, epoch)) return this.#begin(epoch, seq)
    this.#epoch = { of: epoch, hls }
    // Frames of a marked epoch are missing.
    if (epoch.mark !== undefined && Math.abs(this.#positionOf(epoch, seq) - this.#us) > ROUNDING_US)
      this.#beginAt(epoch, seq)
  }

  #begin(epoch: Epoch, seq: number): void {
    this.#close()
    // Samples without a header of their own have the format of the plan.
    const format = { ...epoch.format, samples: epoch.format.samples ?? this.#stream.samples }
    const hls = new HlsEpoch({ format, header: epoch.header, mark: epoch.mark }, this.segmentMs)
    this.#epoch = { of: epoch, hls }
    this.#untimed = 0
    this.#beginAt(epoch, seq)
    const first = this.#stream.ring.at(seq)?.bytes ?? NOTHING
    void hls.begin({ preamble: this.#preambleOf(seq), first }, () => this.#known(hls))
  }

  /** Begins with a frame of an epoch: where that is not its first one, segments of a marked epoch are the same as elsewhere only whole. */
  #beginAt(epoch: Epoch, seq: number): void {
    this.#close()
    const { mark } = epoch
    this.#us = this.#positionOf(epoch, seq)
    const isWhole = mark === undefined || (seq === epoch.from && mark.extra === 0 && mark.us === 0)
    this.#incomplete = isWhole ? -1 : Math.max(0, this.#numberAt(this.#us))
  }

  #positionOf(epoch: Epoch, seq: number): number {
    return seq === epoch.from ? epoch.positionAt(epoch.us) : epoch.positionAt(this.#stream.timeline.usOf(seq))
  }

  /** Number of the segment of a position. */
  #numberAt(us: number): number {
    return Math.floor((us + ROUNDING_US) / (this.segmentMs * 1000))
  }

  #known(epoch: HlsEpoch): void {
    if (epoch.refusal !== undefined && this.#segment?.epoch === epoch) this.#segment = undefined
    this.#receiver.known(epoch)
  }

  #refuse(epoch: HlsEpoch): void {
    epoch.refuseWithoutDuration()
    this.#known(epoch)
  }

  #preambleOf(seq: number): Buffer {
    return this.#stream.epochs.at(seq)?.preamble(seq, this.#stream.ring, true, seq) ?? NOTHING
  }

  /** Returns the wall time at which the sound of a frame was on the air. */
  #arrivalOf(seq: number): number {
    const now = this.#clock.now()
    return Date.now() - (now - (this.#stream.timeline.timeOf(seq) ?? now))
  }

  /** Frames that follow are of another epoch, even if the stream continues its own. */
  #endEpoch(): void {
    this.#close()
    this.#epoch = undefined
  }

  #close(): void {
    const segment = this.#segment?.close()
    this.#segment = undefined
    if (segment === undefined) return
    this.#last = { endsAt: segment.endsAt, durationUs: segment.durationUs }
    this.#receiver.cut(segment)
  }
}

const NOTHING = Buffer.alloc(0)

/** Whether an epoch goes on with the segments of the one before: it is the same one, or another file of a list. */
function continues({ mark }: HlsEpoch, epoch: Epoch): boolean {
  if (mark !== undefined || epoch.mark !== undefined) return mark?.id === epoch.mark?.id
  return epoch.followsOn && !isOggType(epoch.format.name)
}
