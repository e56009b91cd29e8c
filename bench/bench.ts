/** All measurements, in sequence. */

import { type Contender, contenders, netFloorName } from './contenders.ts'
import { type FanoutResult, measureFanout } from './fanout.ts'
import { type FilterCosts, measureFilters } from './filter-costs.ts'
import { type FirehoseResult, measureFirehose } from './firehose.ts'
import { fileLimit, fits } from './machine.ts'
import { type Measurement, measure } from './measure.ts'
import { type BenchPlan, STATIONS, type StationName, type StationPlan } from './plans.ts'
import { type StartServer, startNetFloor, startStation } from './servers.ts'
import { measureStalled, type StalledResult } from './stalled.ts'
import { measureStorms, type StormResult } from './storms.ts'
import { measureTurns, type TurnsResult } from './turns.ts'

/** Parts that can be measured alone. */
export const PARTS = ['fanout', 'stations', 'turns', 'firehose', 'storms', 'stalled', 'filters'] as const
export type Part = (typeof PARTS)[number]

export interface StationResult {
  readonly plan: StationPlan
  readonly measured: Measurement
  /** The loop of node:net measured beside it; undefined when not requested. */
  readonly floor: Measurement | undefined
}

/** Parts that were not requested, or do not fit on this machine, are missing. */
export interface BenchResult {
  readonly fanout: readonly FanoutResult[]
  readonly stations: Partial<Record<StationName, StationResult>>
  readonly turns: TurnsResult | undefined
  readonly firehose: readonly FirehoseResult[]
  readonly storms: StormResult | undefined
  readonly stalled: StalledResult | undefined
  readonly filters: FilterCosts | undefined
  /** Parts that were skipped, with the reason. */
  readonly leftOut: readonly string[]
}

/** @param log receives progress messages. */
export async function runBench(
  plan: BenchPlan,
  parts: ReadonlySet<Part>,
  log: (text: string) => void,
): Promise<BenchResult> {
  const { settleMs } = plan
  const leftOut: string[] = []
  const leave = (name: string, why: string) => void leftOut.push(`${name}: ${why}`)
  const limit = await fileLimit()
  /** Runs a part with this number of listeners, if it was requested and they fit. */
  async function part<T>(name: Part, listeners: number, run: () => Promise<T>): Promise<T | undefined> {
    if (!parts.has(name)) return undefined
    if (fits(listeners, limit)) return run()
    leave(`${name} with ${listeners} listeners`, `only ${limit} files may be open`)
    return undefined
  }

  const all = parts.has('fanout') ? await contenders(leave) : []
  const fanout = await measureFanouts(plan, part, all, log)
  const stations = await measureStations(plan, part, log)
  const { turns, firehose, storms, stalled, filters } = plan
  return {
    fanout,
    stations,
    turns: await part('turns', turns.listeners, () => measureTurns(turns, settleMs, log)),
    firehose: (await part('firehose', firehose.listeners, () => measureFirehose(firehose, log))) ?? [],
    storms: await part('storms', storms.listeners + storms.residents, () => measureStorms(storms, log)),
    stalled: await part('stalled', stalled.stalled + stalled.good, () => measureStalled(stalled, log)),
    filters: await part('filters', 0, () => {
      log('filters')
      return measureFilters(filters, leave)
    }),
    leftOut,
  }
}

/** Runs a part, if it is to be measured on this machine. */
type RunPart = <T>(name: Part, listeners: number, run: () => Promise<T>) => Promise<T | undefined>

async function measureFanouts(
  { fanout: { sizes, seconds }, settleMs }: BenchPlan,
  part: RunPart,
  all: readonly Contender[],
  log: (text: string) => void,
): Promise<FanoutResult[]> {
  const results: FanoutResult[] = []
  for (const size of sizes) {
    const run = () => measureFanout(all, size, { seconds, settleMs }, log)
    results.push(...((await part('fanout', size.listeners, run)) ?? []))
  }
  return results
}

async function measureStations(
  { stations, settleMs }: BenchPlan,
  part: RunPart,
  log: (text: string) => void,
): Promise<BenchResult['stations']> {
  const results: BenchResult['stations'] = {}
  for (const name of STATIONS) {
    const station = stations[name]
    const result = await part('stations', station.listeners, () => measureStation(station, settleMs, log))
    if (result !== undefined) results[name] = result
  }
  return results
}

async function measureStation(
  plan: StationPlan,
  settleMs: number,
  log: (text: string) => void,
): Promise<StationResult> {
  const { cut, flags, floorTickMs } = plan
  const one = (name: string, start: StartServer) => {
    log(`${plan.listeners} listeners for ${plan.seconds} s: ${name}`)
    return measure(start, { ...plan, settleMs, content: 'frames' })
  }
  const measured = await one([cut, ...flags].join(' '), () => startStation(flags, cut))
  if (floorTickMs === undefined) return { plan, measured, floor: undefined }
  return { plan, measured, floor: await one(netFloorName(floorTickMs), () => startNetFloor(floorTickMs)) }
}
