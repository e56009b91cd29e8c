/** Plans of `npm run bench`: the full one, and a short one that finds loss and corruption, but whose times mean little. */

import type { Size } from './fanout.ts'
import type { FilterPlan } from './filter-costs.ts'
import type { FirehosePlan } from './firehose.ts'
import { POLL_INTERVAL_MS } from './load.ts'
import type { Cut } from './servers.ts'
import type { StalledPlan } from './stalled.ts'
import type { StormPlan } from './storms.ts'
import type { TurnsPlan } from './turns.ts'

/** Listeners of one streamserve, and the duration. */
export interface StationPlan {
  readonly cut: Cut
  readonly listeners: number
  readonly seconds: number
  readonly flags: readonly string[]
  /** See `Plan`. */
  readonly pollIntervalMs?: number
  /** Tick of a loop of node:net that is measured likewise, in milliseconds: the minimum cost of as many writes. */
  readonly floorTickMs?: number
}

/** Each but the second exists for one aim; see aims.ts. MP3 waits for the next frame's header, raw bytes do not. */
export const STATIONS = ['few', 'fewAsMp3', 'atOnce', 'many'] as const
export type StationName = (typeof STATIONS)[number]

export interface BenchPlan {
  /** Warm-up of a server before the measurement, in milliseconds. */
  readonly settleMs: number
  readonly fanout: { readonly sizes: readonly Size[]; readonly seconds: number }
  readonly stations: Readonly<Record<StationName, StationPlan>>
  readonly turns: TurnsPlan
  readonly firehose: FirehosePlan
  readonly storms: StormPlan
  readonly stalled: StalledPlan
  readonly filters: FilterPlan
}

export const FULL: BenchPlan = {
  settleMs: 4000,
  fanout: {
    sizes: [
      { listeners: 100, rounds: 1 },
      { listeners: 1000, rounds: 5 },
      { listeners: 5000, rounds: 1 },
      { listeners: 10_000, rounds: 5 },
      { listeners: 18_000, rounds: 1 },
    ],
    seconds: 5,
  },
  stations: {
    few: { cut: 'raw', listeners: 10, seconds: 15, flags: [] },
    fewAsMp3: { cut: 'mp3', listeners: 10, seconds: 10, flags: [] },
    atOnce: { cut: 'mp3', listeners: 1000, seconds: 10, flags: ['-max-delay', '0s'] },
    many: { cut: 'mp3', listeners: 10_000, seconds: 60, flags: [], pollIntervalMs: POLL_INTERVAL_MS, floorTickMs: 500 },
  },
  turns: { listeners: 10_000, seconds: 15 },
  firehose: { listeners: 128, rounds: 9, seconds: 3 },
  storms: { listeners: 10_000, rate: 5000, residents: 100, rounds: 10 },
  stalled: { stalled: 5000, good: 5000, seconds: 60 },
  filters: { seconds: 30, rounds: 3, turnMs: 60, joins: 10_000 },
}

export const SHORT: BenchPlan = {
  settleMs: 500,
  fanout: {
    sizes: [{ listeners: 500, rounds: 1 }],
    seconds: 1,
  },
  stations: {
    few: { cut: 'raw', listeners: 10, seconds: 1, flags: [] },
    fewAsMp3: { cut: 'mp3', listeners: 10, seconds: 1, flags: [] },
    atOnce: { cut: 'mp3', listeners: 200, seconds: 1, flags: ['-max-delay', '0s'] },
    many: { cut: 'mp3', listeners: 1000, seconds: 2, flags: [], pollIntervalMs: POLL_INTERVAL_MS, floorTickMs: 500 },
  },
  turns: { listeners: 1000, seconds: 1 },
  firehose: { listeners: 128, rounds: 1, seconds: 1 },
  storms: { listeners: 500, rate: 5000, residents: 20, rounds: 2 },
  stalled: { stalled: 200, good: 200, seconds: 2 },
  filters: { seconds: 1, rounds: 1, turnMs: 10, joins: 500 },
}
