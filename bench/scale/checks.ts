import { type Aim, atMost } from '../aims.ts'
import type { Cause } from './listeners.ts'
import type { EdgeIncident } from './simulated-edge.ts'
import type { SimulationResult } from './simulation.ts'
import {
  type Happening,
  HUB_AWAY,
  HUB_AWAY_MS,
  ORIGIN_FROZEN,
  ORIGIN_KILLED,
  ORIGIN_SLOW,
  PARTITION,
  SERVER_KILLED,
} from './timeline.ts'

/** Time after its return in which an edge may not be connected, and origins do not send what was before, in milliseconds. */
const LATE_MS = 500
/** Limits of gaps, in milliseconds. */
const CHANGE_MS = 500
/** 200 ms, and the way from the hub. */
const OTHER_EDGES_MS = 225
const QUIET_MS = 500
/** A message that is lost on a slow way stalls all that follow. */
const SLOW_MS = 2_000
/** Six round trips of 280 ms to connect and to ask are more than the 1.5 s that origins send again. */
const SLOW_LOSS_MS = 1_500
/**
 * When a partition heals, or a frozen origin goes on, its last 5 or 6 s arrive at once. On a slow way nothing of the other origin arrives
 * meanwhile, so the edge uses these old frames: about 240 frames of 24 ms, each time.
 */
const REPEATED_FRAMES = 500
/** Limits of the times until listeners hear again, in milliseconds; an edge without power does not end their connections. */
const RETURN_MS = 2_000
const LAST_RETURN_MS = 5_000
const SILENT_RETURN_MS = 8_000
/** An outage ends when a page has just begun a pause of 3 s. */
const OUTAGE_RETURN_MS = 23_500
const ACCEPT_MS = 1_500
/** Attempts to connect to one edge, as a part of those that it accepts meanwhile: more are no longer spread. */
const ATTEMPTS = 4
const FULL = 0.8

/** Returns what has to hold, and what was found. */
export function checksOf(result: SimulationResult): Aim[] {
  return [...frameChecks(result), ...gapChecks(result), ...listenerChecks(result), ...edgeChecks(result)]
}

function frameChecks(result: SimulationResult): Aim[] {
  const { incidents } = result
  const sum = (kind: EdgeIncident['kind']) => amountOf(incidents.filter((incident) => incident.kind === kind))
  const twice = incidents.filter(({ kind }) => kind === 'twice')
  const lost = incidents.filter(({ kind }) => kind === 'lost')
  const during = (what: string) => lost.filter((incident) => happeningOf(result, incident)?.what === what)
  const [away, killed] = [during(HUB_AWAY), during(SERVER_KILLED)]
  const others = lost.filter((incident) => !away.includes(incident) && !killed.includes(incident))
  return [
    atMost('frames twice', amountOf(twice.filter((incident) => !isSlow(result, incident))), 0, 'frames'),
    atMost('the same, of a stream of an edge with a slow way', mostOfStream(twice), REPEATED_FRAMES, 'frames'),
    atMost('frames that do not follow those before', sum('joint'), 0, 'frames'),
    atMost('frames of other streams', sum('stranger'), 0, 'frames'),
    atMost('lost, hub server killed', amountOf(killed.filter((incident) => !isSlow(result, incident))), 0, 'ms'),
    atMost('the same, edges with a slow way', most(killed), SLOW_LOSS_MS, 'ms'),
    atMost('lost, both origins with the same frames', amountOf(others.filter(isShared)), 0, 'ms'),
    atMost('lost at one change to an origin with other frames', most(others), CHANGE_MS, 'ms'),
    atMost('lost while all hub servers were away for 10 s', most(away), HUB_AWAY_MS + LATE_MS, 'ms'),
  ]
}

function gapChecks(result: SimulationResult): Aim[] {
  const gaps = result.incidents.filter(({ kind }) => kind === 'gap')
  const usual = gaps.filter((gap) => !isSlow(result, gap))
  const during = (what: string, isConcerned?: boolean) =>
    most(
      usual.filter((gap) => {
        const happening = happeningOf(result, gap)
        return happening?.what === what && (isConcerned ?? true) === (happening.edges?.has(gap.edge) ?? true)
      }),
    )
  return [
    atMost('gap, nothing happens', most(usual.filter((gap) => happeningOf(result, gap) === undefined)), QUIET_MS, 'ms'),
    atMost('gap, hub server killed, its edges', during(SERVER_KILLED, true), CHANGE_MS, 'ms'),
    atMost('gap, hub server killed, edges of others', during(SERVER_KILLED, false), OTHER_EDGES_MS, 'ms'),
    atMost('gap, partition of a hub server', during(PARTITION), CHANGE_MS, 'ms'),
    ...[ORIGIN_KILLED, ORIGIN_FROZEN, ORIGIN_SLOW].map((what) => atMost(`gap, ${what}`, during(what), CHANGE_MS, 'ms')),
    atMost('gap, all hub servers away for 10 s', during(HUB_AWAY), HUB_AWAY_MS + 3_000, 'ms'),
    atMost(
      'gap, edges with a slow way',
      most(gaps.filter((gap) => isSlow(result, gap) && !isAway(result, gap))),
      SLOW_MS,
      'ms',
    ),
  ]
}

/** Of listeners with the player page: how others connect again is an assumption. */
function listenerChecks({ waits }: SimulationResult): Aim[] {
  const of = (cause: Cause) => waits.find((wait) => wait.cause === cause)
  const p99 = (cause: Cause) => of(cause)?.p99 ?? Number.NaN
  return [
    atMost('until the first sound, 99 %', p99('arrival'), 1_000, 'ms'),
    atMost('edge ended: until sound again, 99 %', p99('edge ended'), RETURN_MS, 'ms'),
    atMost('the last listener', of('edge ended')?.most ?? Number.NaN, LAST_RETURN_MS, 'ms'),
    atMost('edge without power, 99 %', p99('edge without power'), SILENT_RETURN_MS, 'ms'),
    atMost('outage of 20 s, 99 %', p99('outage'), OUTAGE_RETURN_MS, 'ms'),
  ]
}

function edgeChecks(result: SimulationResult): Aim[] {
  return [
    atMost('longest wait to be accepted', result.longestAcceptMs, ACCEPT_MS, 'ms'),
    atMost('connection requests dropped', result.dropped, 0, ''),
    atMost('attempts to connect in 0.1 s', result.attemptsPerTenth / result.acceptsPerTenth, ATTEMPTS, 'of its rate'),
    atMost('traffic of an edge', result.bitsPerSecond / result.maxBitsPerSecond, FULL, 'of its network'),
    atMost('listeners without an edge', result.stranded, 0, ''),
  ]
}

/** Returns the last happening that may have caused an incident. */
function happeningOf({ happenings }: SimulationResult, { from, until }: EdgeIncident): Happening | undefined {
  return happenings.findLast((one) => one.from <= until && from <= one.until)
}

function isAway(result: SimulationResult, incident: EdgeIncident): boolean {
  return happeningOf(result, incident)?.what === HUB_AWAY
}

function isSlow({ slowEdges }: SimulationResult, { edge }: EdgeIncident): boolean {
  return edge < slowEdges
}

/** Every second stream has the same frames at both origins. */
function isShared({ stream }: EdgeIncident): boolean {
  return stream % 2 === 0
}

function amountOf(incidents: readonly EdgeIncident[]): number {
  return incidents.reduce((sum, { amount }) => sum + amount, 0)
}

/** Returns the maximum of what all incidents of one stream at one edge amount to. */
function mostOfStream(incidents: readonly EdgeIncident[]): number {
  const sums = new Map<string, number>()
  for (const { edge, stream, amount } of incidents) {
    const place = `${edge} ${stream}`
    sums.set(place, (sums.get(place) ?? 0) + amount)
  }
  return Math.max(0, ...sums.values())
}

function most(incidents: readonly EdgeIncident[]): number {
  return incidents.reduce((max, { amount }) => Math.max(max, amount), 0)
}
