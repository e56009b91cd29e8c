import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'

/** Finds silence in the sound of a stream, emits its events, and counts its duration. */
export class SilenceDetector {
  /** Time since which the sound has been silent, in milliseconds of the clock; undefined: it is not silent. */
  since: number | undefined
  readonly #stream: Pick<Stream, 'plan' | 'events' | 'counters'>
  readonly #clock: Clock
  /** Duration of the sound that is below the level, and its own level. */
  #quietMs = 0
  #level = Number.NEGATIVE_INFINITY

  constructor(stream: Pick<Stream, 'plan' | 'events' | 'counters'>, clock: Clock) {
    this.#stream = stream
    this.#clock = clock
  }

  /** Adds `ms` of sound. @param level RMS of the loudest channel, in dBFS */
  add(level: number, ms: number): void {
    if (level >= this.#stream.plan.silence.level) return this.end()
    this.#quietMs += ms
    this.#level = Math.max(this.#level, level)
    if (this.since === undefined) this.#begin()
    else this.#stream.counters.silentMs += ms
  }

  /** Durations are those of the sound, whether or not it arrives in real time. */
  #begin(): void {
    const { plan, counters, events } = this.#stream
    if (plan.silence.afterMs === 0 || this.#quietMs < plan.silence.afterMs) return
    this.since = this.#clock.now() - this.#quietMs
    counters.silentMs += this.#quietMs
    events.emit({ kind: 'silence began', level: this.#level, ms: Math.round(this.#quietMs) })
  }

  /** The silence is over, if there was one. */
  end(): void {
    const wasSilent = this.since !== undefined
    const ms = Math.round(this.#quietMs)
    this.since = undefined
    this.#quietMs = 0
    this.#level = Number.NEGATIVE_INFINITY
    if (wasSilent) this.#stream.events.emit({ kind: 'silence ended', ms })
  }
}
