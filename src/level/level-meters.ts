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
  /** Number of callers that need it all the time. */
  holders: number
  /** Otherwise it is measured up to this time of the clock. */
  until: number
}

/** Meters of the streams whose level is of interest; nothing is measured for others. */
export class LevelMeters {
  readonly #clock: Clock
  readonly #known = new WeakMap<Stream, Measured>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Measures a stream from now on, and emits the events of its silence. @returns ends this; further calls have no effect */
  hold(stream: Stream): () => void {
    const measured = this.#measuredOf(stream)
    measured.holders++
    this.#start(stream, measured)
    let isHeld = true
    return () => {
      if (isHeld) measured.holders--
      isHeld = false
    }
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
    const known = this.#known.get(stream) ?? { meter: undefined, holders: 0, until: 0 }
    this.#known.set(stream, known)
    return known
  }

  #start(stream: Stream, measured: Measured): LevelMeter {
    const isWanted = () => {
      const isStill = measured.holders > 0 || this.#clock.now() < measured.until
      if (!isStill) measured.meter = undefined
      return isStill
    }
    measured.meter ??= new LevelMeter(stream, isWanted, this.#clock)
    return measured.meter
  }
}
