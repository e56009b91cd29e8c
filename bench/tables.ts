/** Results as tables for a terminal. */

import { type Aim, isMet } from './aims.ts'
import type { BenchResult, StationResult } from './bench.ts'
import { netFloorName } from './contenders.ts'
import { type FanoutResult, typical, worst } from './fanout.ts'
import type { Measurement } from './measure.ts'
import { median } from './statistics.ts'
import { figure, table } from './table.ts'

/** Columns of a server beside others, without its name; see `costRow`. */
export const COST_COLUMNS = ['µs/l·s', 'CPU %', 'MB', 'gap ms'] as const

/** Returns the name and the cost of a server. */
export function costRow(result: FanoutResult): string[] {
  const usual = (value: (m: Measurement) => number, digits = 0) => figure(typical(result, value), digits)
  return [
    result.server,
    usual((round) => round.cpuUsPerListener, 1),
    usual((round) => round.cpuShare * 100, 1),
    usual((round) => round.memoryMb, 1),
    usual((round) => round.longestGapMs),
  ]
}

const FANOUT_TITLES = [
  'listeners',
  'server',
  'µs/l·s',
  'CPU %',
  'load %',
  'kB/l',
  'MB',
  'writes/l·s',
  'p50 ms',
  'p99 ms',
  'p99.9 ms',
  'gap ms',
  'MB verified',
  'skipped',
  'corrupt',
  'absent',
]

export function tablesOf(result: BenchResult, aims: readonly Aim[]): string {
  const { fanout, stations, turns, firehose, storms, stalled, filters } = result
  const groups = [...fanout, ...Object.values(stations).flatMap(stationGroups)]
  return [
    groups.length > 0 ? table(FANOUT_TITLES, groups.map(fanoutRow)) : '',
    turns === undefined ? '' : turnTable(turns),
    firehoseTable(firehose),
    storms === undefined ? '' : stormTable(storms),
    stalled === undefined ? '' : stalledTable(stalled),
    filters === undefined ? '' : filterTable(filters),
    aimTable(aims),
  ]
    .filter((text) => text !== '')
    .join('\n')
}

function stationGroups({ plan, measured, floor }: StationResult): FanoutResult[] {
  const { cut, flags, listeners, seconds, floorTickMs } = plan
  const ours = { server: ['streamserve', cut, ...flags, `${seconds} s`].join(' '), listeners, rounds: [measured] }
  if (floor === undefined || floorTickMs === undefined) return [ours]
  return [ours, { server: `${netFloorName(floorTickMs)}, ${seconds} s`, listeners, rounds: [floor] }]
}

function fanoutRow(result: FanoutResult): string[] {
  const usual = (value: (m: Measurement) => number, digits = 0) => figure(typical(result, value), digits)
  const most = (value: (m: Measurement) => number) => figure(worst(result, value))
  const sum = (value: (m: Measurement) => number) => figure(result.rounds.reduce((total, m) => total + value(m), 0))
  return [
    String(result.listeners),
    result.server,
    usual((m) => m.cpuUsPerListener, 1),
    usual((m) => m.cpuShare * 100, 1),
    usual((m) => m.loadShare * 100, 1),
    // The memory of few listeners is less than the noise of garbage.
    result.listeners < 100 ? '-' : usual((m) => m.memoryKbPerListener, 1),
    usual((m) => m.memoryMb),
    usual((m) => m.writesPerSecond, 1),
    usual((m) => m.delayMs.p50, 1),
    usual((m) => m.delayMs.p99, 1),
    usual((m) => m.delayMs.p999, 1),
    most((m) => m.longestGapMs),
    sum((m) => m.bytes / 1e6),
    sum((m) => m.skipped),
    sum((m) => m.corrupt),
    most((m) => result.listeners - m.listeners),
  ]
}

function turnTable({ plan, p50Ms, p999Ms, longestMs }: NonNullable<BenchResult['turns']>): string {
  const title = `turns with ${plan.listeners}`
  return table(
    [title, 'p50 ms', 'p99.9 ms', 'longest'],
    [['', ...[p50Ms, p999Ms, longestMs].map((ms) => figure(ms, 1))]],
  )
}

function firehoseTable(firehose: BenchResult['firehose']): string {
  if (firehose.length === 0) return ''
  return table(
    ['firehose', 'MB/CPU s', "of the server's", 'MB/s'],
    firehose.map(({ server, megabytesPerCpuSecond, megabytesPerServerSecond, megabytesPerSecond }) => [
      server,
      figure(median(megabytesPerCpuSecond)),
      figure(median(megabytesPerServerSecond)),
      figure(median(megabytesPerSecond)),
    ]),
  )
}

function stormTable({ plan, rounds }: NonNullable<BenchResult['storms']>): string {
  return table(
    [`storm of ${plan.listeners}`, 'arrival s', 'gap ms', 'MB after'],
    rounds.map(({ arrivalSeconds, longestGapMs, memoryMb }, i) => [
      String(i + 1),
      figure(arrivalSeconds, 2),
      figure(longestGapMs),
      figure(memoryMb, 1),
    ]),
  )
}

function stalledTable({ plan, good, stillStalled, mostMemoryMb }: NonNullable<BenchResult['stalled']>): string {
  return table(
    ['stalled', 'still there', 'good', 'gap ms', 'skipped', 'p99 ms', 'most MB'],
    [
      [
        String(plan.stalled),
        String(stillStalled),
        String(good.listeners),
        figure(good.longestGapMs),
        figure(good.skipped),
        figure(good.delayMs.p99, 1),
        figure(mostMemoryMb),
      ],
    ],
  )
}

/** In chunks of both sizes: speed of filters, and cost of joins. */
function filterTable({ speeds, joins }: NonNullable<BenchResult['filters']>): string {
  return table(
    ['filter', 'chunk', 'MB/s', 'join µs', 'p99 µs'],
    speeds.map(({ stream, chunkBytes, megabytesPerSecond }, i) => [
      stream,
      figure(chunkBytes),
      figure(megabytesPerSecond),
      figure(joins[i]?.medianUs, 2),
      figure(joins[i]?.p99Us, 2),
    ]),
  )
}

export function aimTable(aims: readonly Aim[]): string {
  return table(
    ['aim', 'measured', '', 'limit', '', 'met'],
    aims.map((aim) => [
      aim.what,
      figure(aim.measured, 2),
      aim.wants,
      figure(aim.limit, 2),
      aim.unit,
      isMet(aim) ? 'yes' : 'no',
    ]),
  )
}
