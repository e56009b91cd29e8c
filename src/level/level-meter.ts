import type { FrameWatcher } from '../stream/frame-watcher.ts'
import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'
import { type ChannelLevel, dbfs } from './level.ts'
import { SilenceDetector } from './silence-detector.ts'
import { Slice } from './slice.ts'

/** Duration of a slice, and number of slices over which the level is reported: one second. */
const SLICES_PER_SECOND = 10
/** Bytes that are measured at once, however large the chunk is. */
const ENOUGH_BYTES = 64 * 1024
/** Time without frames after which the level is not known any more, in milliseconds. */
const STALE_AFTER_MS = 5_000

/**
 * Measures the samples of a stream: all frames that enter its ring, so what listeners hear, whether the source, a fallback or
 * `-fill silence` has written them.
 *
 *      ring      |frame|frame|frame|frame|frame|
 *                            ^ #from           ^ ring.next
 *      slices    [ 0.1 s ][ 0.1 s ][ 0.1 ..
 */
export class LevelMeter implements FrameWatcher {
  /** It must not make the source be read more often than listeners do. */
  readonly pauseMs = 500
  /** Frames are not measured any more once it returns false. */
  readonly #isWanted: () => boolean
  readonly #stream: Stream
  readonly #clock: Clock
  readonly #silence: SilenceDetector
  readonly #stopWatching: () => void
  /** The first frame that has not been measured, and the bytes from it on. */
  #from: number
  #waitingBytes = 0
  /** The slice that is being measured; undefined: the next frame begins one, perhaps of another format. */
  #slice: Slice | undefined
  /** The slices of the last second. */
  #slices: readonly Slice[] = []
  #measuredAt = Number.NEGATIVE_INFINITY

  /** Measures from the next frame on. @param isWanted asked after each slice */
  constructor(stream: Stream, isWanted: () => boolean, clock: Clock) {
    this.#stream = stream
    this.#isWanted = isWanted
    this.#clock = clock
    this.#silence = new SilenceDetector(stream, clock)
    this.#from = stream.ring.next
    this.#stopWatching = stream.watch(this)
  }

  /** Time since which the sound has been silent, in milliseconds of the clock; undefined: it is not silent. */
  get silentSince(): number | undefined {
    return this.#silence.since
  }

  /** Level of each channel over the last second; empty: there were no samples in the last seconds. */
  channels(): readonly ChannelLevel[] {
    const slices = this.#clock.now() - this.#measuredAt < STALE_AFTER_MS ? this.#slices : []
    return Array.from({ length: slices[0]?.format.channels ?? 0 }, (_, channel) => levelOf(slices, channel))
  }

  frameCame(bytes: number): void {
    const { ring } = this.#stream
    this.#waitingBytes += bytes
    if (this.#waitingBytes >= ENOUGH_BYTES || ring.next - this.#from >= ring.quarter) this.#measure()
  }

  chunkEnded(): void {
    this.#measure()
  }

  openingEnded(): void {
    this.#measure()
    this.#slice = undefined
  }

  formatChanged(): void {}

  sourceRefused(): void {}

  streamFinished(): void {}

  /** Hot path: measures the frames that are waiting. */
  #measure(): void {
    const { ring } = this.#stream
    for (let seq = Math.max(this.#from, ring.first); seq < ring.next; seq++) {
      const slice = (this.#slice ??= this.#begin())
      const frame = ring.at(seq)
      if (slice === undefined || frame === undefined) break
      slice.add(frame.bytes)
      if (slice.samples * SLICES_PER_SECOND < slice.format.rate) continue
      this.#complete(slice)
      if (this.#isWanted()) continue
      this.#stopWatching()
      break
    }
    this.#from = ring.next
    this.#waitingBytes = 0
  }

  #begin(): Slice | undefined {
    const { samples } = this.#stream
    if (samples === undefined) this.#silence.end()
    return samples && new Slice(samples)
  }

  #complete(slice: Slice): void {
    this.#slice = undefined
    const isAlike = this.#slices[0]?.format.channels === slice.format.channels
    this.#slices = [...(isAlike ? this.#slices.slice(1 - SLICES_PER_SECOND) : []), slice]
    this.#measuredAt = this.#clock.now()
    const loudest = Math.max(...slice.squares) / slice.samples
    this.#silence.add(dbfs(Math.sqrt(loudest)), (slice.samples / slice.format.rate) * 1000)
  }
}

function levelOf(slices: readonly Slice[], channel: number): ChannelLevel {
  let [peak, squares, samples] = [0, 0, 0]
  for (const slice of slices) {
    peak = Math.max(peak, slice.peaks[channel] ?? 0)
    squares += slice.squares[channel] ?? 0
    samples += slice.samples
  }
  return { peak: dbfs(peak), rms: dbfs(Math.sqrt(squares / samples)) }
}
