import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'
import type { ChannelLevel } from './level.ts'
import { LevelMeter } from './level-meter.ts'

/** Level of a stream's sound, and whether it is silent. */
export interface SoundLevel {
  /** By channel; empty: not known yet, or there are no samples now. */
  readonly channels: readonly ChannelLevel[]
  /** In milliseconds of the clock; undefined: it is not silent. */
  readonly silentSince: number | undefined
}

/** Time for which a stream is measured after its level was read, in milliseconds: more than between two scrapes. */
const READ_AGAIN_WITHIN_MS = 5 * 60_000

/** A stream that is measured, or was. */
interface Measured {
  /** Undefined: nothing is measured. */
  meter: LevelMeter | undefined
  /** Time of the clock up to which it is measured for readers. */
  until: number
}

/** Meters of the streams whose level is of interest; other streams are not measured. */
export class LevelMeters {
  readonly #clock: Clock
  readonly #isWatched: () => boolean
  readonly #known = new WeakMap<Stream, Measured>()

  /** @param isWatched whether there are subscribers to the events of all streams. */
  constructor(clock: Clock, isWatched: () => boolean = () => false) {
    this.#clock = clock
    this.#isWatched = isWatched
  }

  /** Measures a stream as long as it has a hook of its silence. Called when its source is opened, and when its hooks have changed. */
  measureForHooks(stream: Stream): void {
    if (hasHook(stream)) this.#start(stream, this.#measuredOf(stream))
  }

  /**
   * Measures a stream as long as there are subscribers to its events. Called when its source is on the air, and for the first
   * subscriber.
   */
  measureForSubscribers(stream: Stream): void {
    if (this.#isWatched() && stream.samples !== undefined) this.#start(stream, this.#measuredOf(stream))
  }

  /** Returns the level of a stream, and measures it for some minutes from now on. @returns undefined when it has no samples */
  read(stream: Stream): SoundLevel | undefined {
    if (stream.samples === undefined) return undefined
    const measured = this.#measuredOf(stream)
    measured.until = this.#clock.now() + READ_AGAIN_WITHIN_MS
    const meter = this.#start(stream, measured)
    return { channels: meter.channels(), silentSince: meter.silentSince }
  }

  #measuredOf(stream: Stream): Measured {
    const known = this.#known.get(stream) ?? { meter: undefined, until: 0 }
    this.#known.set(stream, known)
    return known
  }

  #start(stream: Stream, measured: Measured): LevelMeter {
    const isWanted = () => {
      const isStill = hasHook(stream) || this.#isWatched() || this.#clock.now() < measured.until
      if (!isStill) measured.meter = undefined
      return isStill
    }
    measured.meter ??= new LevelMeter(stream, isWanted, this.#clock)
    return measured.meter
  }
}

function hasHook({ plan: { hooks } }: Stream): boolean {
  return hooks.silence !== undefined || hooks.sound !== undefined
}
