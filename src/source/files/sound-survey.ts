import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { type Clock, inTime, pause } from '../../system/clock.ts'
import { Findings } from './findings.ts'
import type { Examine, Sound } from './sound.ts'
import { SoundTotals } from './sound-totals.ts'
import { spread } from './spread.ts'
import type { Track } from './tracks.ts'

/** Maximum time spent on examining files before the first sound of a round, in milliseconds. */
const AHEAD_MS = 1_000
/** Maximum number of files examined in that time. */
const AHEAD_FILES = 300
/** Pause after each file examined in the background, as a multiple of the time it took: a fifth of the time is used. */
const PAUSE_FACTOR = 4
/** Maximum time for examining the current file, in milliseconds; after that, playing it shows its format. */
const TURN_MS = 5_000
/** Factor by which another format must have more sound to replace the chosen one. */
const CLEARLY_MORE = 2

/** Survey of all files of a round. It chooses the format to play: the one with the most sound. */
export class SoundSurvey {
  readonly #clock: Clock
  readonly #settled: () => void
  readonly #findings: Findings
  #totals = new SoundTotals(new Map())
  #chosen: Sound | undefined
  /** Ends the work of the current round. */
  #round = new AbortController()

  /** @param settled called when all readable files of a round are known. */
  constructor(examine: Examine, clock: Clock, settled: () => void) {
    this.#findings = new Findings(examine)
    this.#clock = clock
    this.#settled = settled
  }

  /** The chosen format; undefined when no file has been recognized. */
  get chosen(): Sound | undefined {
    return this.#chosen
  }

  /** Omitted files by kind: `12 .m4a; 1 MP3, 48 kHz, stereo`. Undefined: none known. */
  get leftOut(): string | undefined {
    return this.#totals.textWithout(this.#chosen?.format)
  }

  /**
   * Begins a round. Resolved when enough files have been examined to choose a format; the remaining ones are examined in the
   * background, and the choice is made again when all are known.
   * @param notExamined numbers of files that cannot be played, by extension.
   */
  async begin(tracks: readonly Track[], notExamined: ReadonlyMap<string, number>): Promise<void> {
    this.#round.abort()
    this.#round = new AbortController()
    const { signal } = this.#round
    this.#totals = new SoundTotals(notExamined)
    const order = spread(tracks, AHEAD_FILES)
    const ahead = this.#examineAhead(order, signal)
    // A disk that does not answer must not delay the round.
    const examined = await inTime(this.#clock, AHEAD_MS, ahead)
    this.#choose(examined === order.length)
    void ahead.then((count) => this.#examineRest(order, count, signal))
  }

  /** Returns why a file is left out; undefined when it is to be played. Never rejects. */
  async whyNot(track: Track): Promise<string | undefined> {
    const finding = await inTime(this.#clock, TURN_MS, this.#findingOf(track))
    if (finding === undefined || finding === 'unclear') return undefined
    if (finding === 'none') return 'no sound of a known format'
    this.#chosen ??= finding
    return finding.format === this.#chosen.format ? undefined : `${finding.name} cannot follow ${this.#chosen.name}`
  }

  /** Whether a file is known to have the chosen format; does not examine it. */
  isKnownToFit(track: Track): boolean {
    return this.#findings.isKnown(track, this.#chosen?.format)
  }

  /** Stops the work in the background. */
  stop(): void {
    this.#round.abort()
  }

  /** @returns the number of files examined. */
  async #examineAhead(order: readonly Track[], signal: AbortSignal): Promise<number> {
    const until = this.#clock.now() + AHEAD_MS
    const most = Math.min(order.length, AHEAD_FILES)
    let count = 0
    while (count < most && this.#clock.now() < until && !signal.aborted)
      await this.#add(order[count++] as Track, signal)
    return count
  }

  async #examineRest(order: readonly Track[], from: number, signal: AbortSignal): Promise<void> {
    for (let at = from; at < order.length && !signal.aborted; at++) {
      const began = this.#clock.now()
      await this.#add(order[at] as Track, signal)
      const pauseMs = (this.#clock.now() - began) * PAUSE_FACTOR
      if (pauseMs < 1) await yieldToEventLoop()
      else await pause(this.#clock, pauseMs, signal)
    }
    if (signal.aborted) return
    this.#choose(true)
    this.#findings.keepOnly(order)
    this.#settled()
  }

  /** Counts a file for the round of the signal. */
  async #add(track: Track, signal: AbortSignal): Promise<void> {
    const finding = await this.#findingOf(track)
    if (!signal.aborted) this.#totals.add(track.path, finding)
  }

  /** An unreadable file is unclear here: it is reported when it is to be played. */
  #findingOf(track: Track) {
    return this.#findings.of(track).catch(() => 'unclear' as const)
  }

  /** @param isComplete all files are known, so a format without files no longer exists. */
  #choose(isComplete: boolean): void {
    const { longest } = this.#totals
    if (longest === undefined) return
    const current = this.#chosen && this.#totals.of(this.#chosen.format)
    const isGone = current === undefined && (isComplete || this.#chosen === undefined)
    const isClear = current !== undefined && longest.seconds > CLEARLY_MORE * current.seconds
    if (isGone || isClear) this.#chosen = longest.sound
  }
}
