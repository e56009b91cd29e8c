/** Performance aims of streamserve, and the measured results. */

import type { BenchResult } from './bench.ts'
import { AT_TICK, BY_DEFAULT, FLOOR, ICECAST, NET_FLOOR } from './contenders.ts'
import { cpuRatio, type FanoutResult, typical } from './fanout.ts'
import { PLAIN_SERVER } from './firehose.ts'
import { median } from './statistics.ts'

export interface Aim {
  readonly what: string
  readonly measured: number
  readonly limit: number
  /** Direction of the limit. */
  readonly wants: 'at least' | 'at most'
  readonly unit: string
}

/** Maximum time that frames wait by default, in milliseconds. */
const DEFAULT_DELAY_MS = 500
/**
 * Maximum CPU use of 10,000 listeners by default, in cores, on the machine of this aim; and the CPU use of a plain loop there.
 */
const MANY_CORES = 0.25
const MANY_FLOOR_CORES = 0.17

export function isMet({ measured, limit, wants }: Aim): boolean {
  return wants === 'at most' ? measured <= limit : measured >= limit
}

/** @returns the aims for which there are measurements. */
export function aimsOf(result: BenchResult): Aim[] {
  const all = [
    ...fanoutAims(result),
    ...stationAims(result),
    ...turnAims(result),
    ...firehoseAims(result),
    ...loadAims(result),
  ]
  return all.filter(({ measured }) => !Number.isNaN(measured))
}

function fanoutAims({ fanout }: BenchResult): Aim[] {
  const of = (server: string, listeners: number) =>
    fanout.find((one) => one.server === server && one.listeners === listeners)
  const [thousand, tenThousand] = [1000, 10_000].map((n) => cpuPerListener(of(BY_DEFAULT, n)))
  const atTick = (listeners: number, floor: string) => cpuRatio(of(AT_TICK, listeners), of(floor, listeners))
  return [
    atMost('CPU of 1,000 listeners at a tick of 250 ms', atTick(1000, FLOOR), 1.25, 'floors'),
    atMost('the same', atTick(1000, NET_FLOOR), 1.25, 'floors of node:net'),
    atMost('CPU of 10,000 listeners likewise', atTick(10_000, FLOOR), 1.25, 'floors'),
    atMost('the same', atTick(10_000, NET_FLOOR), 1.25, 'floors of node:net'),
    atMost('CPU of 1,000 by default', cpuRatio(of(BY_DEFAULT, 1000), of(ICECAST, 1000)), 0.35, 'Icecasts'),
    atMost(
      'CPU per listener of 10,000 over 1,000',
      (tenThousand ?? Number.NaN) / (thousand ?? Number.NaN),
      1.15,
      'times',
    ),
  ]
}

function cpuPerListener(result: FanoutResult | undefined): number {
  return result === undefined ? Number.NaN : typical(result, (round) => round.cpuUsPerListener)
}

function stationAims({ stations: { few, atOnce, many } }: BenchResult): Aim[] {
  const aims: Aim[] = []
  if (few !== undefined) {
    const { p50, p99 } = few.measured.delayMs
    aims.push(atMost(`median delay of ${few.plan.listeners} listeners, ${few.plan.cut}`, p50, 1, 'ms'))
    aims.push(atMost('99 % of their delays', p99, 10, 'ms'))
  }
  if (atOnce !== undefined) {
    const { plan, measured } = atOnce
    aims.push(atMost(`99 % of the delays of ${plan.listeners} with -max-delay 0`, measured.delayMs.p99, 50, 'ms'))
  }
  if (many !== undefined) {
    const { plan, measured, floor } = many
    const { longestGapMs, memoryMb, cpuShare } = measured
    aims.push(
      atMost(`longest gap of ${plan.listeners} for ${plan.seconds} s`, longestGapMs, 2 * DEFAULT_DELAY_MS, 'ms'),
    )
    aims.push(atMost('memory of the server meanwhile', memoryMb, 140, 'MB'))
    aims.push(atMost('its CPU', cpuShare, MANY_CORES, 'cores'))
    const ratio = cpuShare / (floor?.cpuShare ?? Number.NaN)
    aims.push(atMost('the same', ratio, MANY_CORES / MANY_FLOOR_CORES, 'floors of node:net'))
  }
  return aims
}

function turnAims({ turns }: BenchResult): Aim[] {
  return turns === undefined ? [] : [atMost(`99.9 % of the turns with ${turns.plan.listeners}`, turns.p999Ms, 10, 'ms')]
}

function firehoseAims({ firehose }: BenchResult): Aim[] {
  const plain = firehose.find(({ server }) => server === PLAIN_SERVER)?.megabytesPerCpuSecond ?? []
  const ours = firehose.find(({ server }) => server !== PLAIN_SERVER)?.megabytesPerCpuSecond ?? []
  const ratio = median(ours.map((value, round) => value / (plain[round] ?? Number.NaN)))
  return [
    {
      what: 'firehose: MB per CPU second of server and listeners',
      measured: ratio,
      limit: 0.9,
      wants: 'at least',
      unit: 'plain servers',
    },
  ]
}

function loadAims({ storms, stalled }: BenchResult): Aim[] {
  const aims: Aim[] = []
  if (storms !== undefined) {
    const { plan, rounds, refused } = storms
    const half = Math.ceil(rounds.length / 2)
    const mostMb = (some: typeof rounds) => Math.max(...some.map(({ memoryMb }) => memoryMb))
    const gap = Math.max(...rounds.map(({ longestGapMs }) => longestGapMs))
    aims.push(atMost(`refused in storms of ${plan.listeners}`, refused, 0, 'listeners'))
    aims.push(atMost('longest gap of others meanwhile', gap, 1000, 'ms'))
    const growth = mostMb(rounds.slice(half)) / mostMb(rounds.slice(0, half))
    aims.push(atMost('most memory after a storm of the second half over the first', growth, 1.1, 'times'))
  }
  if (stalled !== undefined) {
    const { plan, mostMemoryMb, good } = stalled
    aims.push(atMost(`memory with ${plan.stalled} stalled`, mostMemoryMb, 250, 'MB'))
    aims.push(atMost('longest gap of others meanwhile', good.longestGapMs, 2 * DEFAULT_DELAY_MS, 'ms'))
  }
  return aims
}

export function atMost(what: string, measured: number, limit: number, unit: string): Aim {
  return { what, measured, limit, wants: 'at most', unit }
}
