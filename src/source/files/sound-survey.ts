import { stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { type Clock, pause } from '../../system/clock.ts'
import { systemPath } from '../../text/byte-path.ts'
import type { Examine, Finding, Sound } from './sound.ts'
import { otherSound } from './sound-names.ts'
import { locate, type Track } from './tracks.ts'

/** Maximum time spent on examining files before the first sound of a round, in milliseconds. */
const AHEAD_MS = 1_000
/** Maximum number of files examined in that time. */
const AHEAD_FILES = 300
/** Pause after each file examined in the background, as a multiple of the time it took: a fifth of the time is used. */
const REST = 4
/** Maximum time for examining the current file, in milliseconds; after that, playing it shows its format. */
const TURN_MS = 5_000
/** Factor by which another format must have more sound to replace the chosen one. */
const CLEARLY_MORE = 2

/** Examines all files of a round and chooses the format to play: the one with the most sound. */
export interface SoundSurvey {
  /**
   * Begins a round. Resolved when enough files have been examined to choose a format; the remaining ones are examined in the
   * background, and the choice is made again when all are known.
   */
  begin(tracks: readonly Track[], others: ReadonlyMap<string, number>): Promise<void>
  /** The chosen format; undefined when no file has been recognized. */
  readonly chosen: Sound | undefined
  /** Returns why a file is left out; undefined when it is to be played. Never rejects. */
  whyNot(track: Track): Promise<string | undefined>
  /** Whether a file is known to have the chosen format; does not examine it. */
  isKnownToFit(track: Track): boolean
  /** Omitted files by kind: `12 .m4a; 1 MP3, 48 kHz, stereo`. Undefined: none known. */
  readonly leftOut: string | undefined
  /** Stops the work in the background. */
  stop(): void
}

interface Known {
  readonly mtimeMs: number
  readonly size: number
  readonly finding: Finding
}

interface Total {
  files: number
  seconds: number
  readonly sound: Sound
}

/** @param settled called when all files of a round, or as many as are examined, are known. */
export function createSoundSurvey(examine: Examine, clock: Clock, settled: () => void): SoundSurvey {
  let known = new Map<string, Known>()
  let totals = new Map<string, Total>()
  let none = new Map<string, number>()
  let others: ReadonlyMap<string, number> = new Map()
  let chosen: Sound | undefined
  let running = new AbortController()

  async function look(track: Track): Promise<Finding> {
    const { path } = await locate(track)
    const { mtimeMs, size } = await stat(systemPath(path))
    const before = known.get(path)
    if (before?.mtimeMs === mtimeMs && before.size === size) return before.finding
    const finding = await examine(path)
    known.set(path, { mtimeMs, size, finding })
    return finding
  }

  /** Counts a file for the round of the signal. An unreadable file is reported when it is to be played. */
  async function add(track: Track, signal: AbortSignal): Promise<void> {
    const finding = await look(track).catch(() => 'unclear' as const)
    if (finding === 'unclear' || signal.aborted) return
    if (finding === 'none')
      return increase(none, otherSound(track.path) ?? `${extname(track.path)} without known sound`.trim())
    const total = totals.get(finding.format) ?? { files: 0, seconds: 0, sound: finding }
    total.files++
    total.seconds += finding.seconds
    totals.set(finding.format, total)
  }

  /** @param isComplete all files are known, so a format without files no longer exists. */
  function choose(isComplete: boolean): void {
    const [longest] = Array.from(totals.values()).toSorted((a, b) => b.seconds - a.seconds || b.files - a.files)
    const current = chosen && totals.get(chosen.format)
    if (longest === undefined) return
    const isGone = current === undefined && (isComplete || chosen === undefined)
    const isClear = current !== undefined && longest.seconds > CLEARLY_MORE * current.seconds
    if (isGone || isClear) chosen = longest.sound
  }

  async function goOn(order: readonly Track[], from: number, signal: AbortSignal): Promise<void> {
    for (let at = from; at < order.length && !signal.aborted; at++) {
      const began = clock.now()
      await add(order[at] as Track, signal)
      const restMs = (clock.now() - began) * REST
      if (restMs < 1) await yieldToEventLoop()
      else await pause(clock, restMs, signal)
    }
    if (signal.aborted) return
    choose(true)
    forgetOthers(order)
    settled()
  }

  function forgetOthers(order: readonly Track[]): void {
    if (known.size <= 2 * order.length) return
    const paths = new Set(order.flatMap(({ path, otherPaths = [] }) => [path, ...otherPaths]))
    known = new Map(Array.from(known).filter(([path]) => paths.has(path)))
  }

  return {
    get chosen() {
      return chosen
    },
    get leftOut() {
      const kinds = new Map(others)
      for (const { files, sound } of totals.values()) if (sound.format !== chosen?.format) kinds.set(sound.name, files)
      for (const [kind, files] of none) kinds.set(kind, files)
      return kinds.size === 0 ? undefined : kindsText(kinds)
    },
    async begin(tracks, otherFiles) {
      running.abort()
      const own = new AbortController()
      running = own
      others = otherFiles
      totals = new Map()
      none = new Map()
      const order = spread(tracks)
      const until = clock.now() + AHEAD_MS
      let at = 0
      const ahead = async () => {
        while (at < Math.min(order.length, AHEAD_FILES) && clock.now() < until && !own.signal.aborted)
          await add(order[at++] as Track, own.signal)
      }
      // A disk that does not answer must not delay the round.
      const waited = new AbortController()
      const looking = ahead()
      await Promise.race([looking, pause(clock, AHEAD_MS, waited.signal)])
      waited.abort()
      choose(at >= order.length)
      void looking.then(() => goOn(order, at, own.signal))
    },
    async whyNot(track) {
      const waited = new AbortController()
      const late = pause(clock, TURN_MS, waited.signal).then(() => 'unclear' as const)
      const finding = await Promise.race([look(track).catch(() => 'unclear' as const), late])
      waited.abort()
      if (finding === 'unclear') return undefined
      if (finding === 'none') return 'no sound of a known format'
      chosen ??= finding
      return finding.format === chosen.format ? undefined : `${finding.name} cannot follow ${chosen.name}`
    },
    isKnownToFit: ({ path, otherPaths = [] }) =>
      [path, ...otherPaths].some((each) => {
        const finding = known.get(each)?.finding
        return typeof finding === 'object' && finding.format === chosen?.format
      }),
    stop: () => running.abort(),
  }
}

function increase(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** Maximum number of kinds that are listed. */
const MAX_KINDS = 10

function kindsText(kinds: ReadonlyMap<string, number>): string {
  const sorted = Array.from(kinds).toSorted(([, a], [, b]) => b - a)
  const named = sorted.slice(0, MAX_KINDS).map(([kind, files]) => `${files} ${kind}`)
  const more = sorted.slice(MAX_KINDS).reduce((sum, [, files]) => sum + files, 0)
  return (more === 0 ? named : [...named, `${more} more`]).join('; ')
}

/** Returns the tracks in an order whose beginning, of any length, is spread over all of them. */
function spread(tracks: readonly Track[]): Track[] {
  const step = Math.max(1, Math.ceil(tracks.length / AHEAD_FILES))
  const order: Track[] = []
  for (let from = 0; from < step; from++) {
    for (let at = from; at < tracks.length; at += step) order.push(tracks[at] as Track)
    if (from === 0) order.sort(byReversedPlace(order))
  }
  return order
}

/** Halves, quarters, eighths and so on: the van der Corput sequence. */
function byReversedPlace(order: readonly Track[]): (one: Track, other: Track) => number {
  const places = new Map(order.map((track, place) => [track, reversed(place)]))
  return (one, other) => (places.get(one) ?? 0) - (places.get(other) ?? 0)
}

function reversed(place: number): number {
  let bits = 0
  for (let i = 0; i < 9; i++) bits = (bits << 1) | ((place >> i) & 1)
  return bits
}
