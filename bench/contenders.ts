/** Servers of the fan-out measurement. */

import { icecastVersion, startIcecast } from './icecast.ts'
import type { Content } from './load.ts'
import { type StartServer, startFloor, startNetFloor, startStation } from './servers.ts'

export interface Contender {
  readonly name: string
  readonly start: StartServer
  readonly content: Content
  /** Listeners that connect per second. */
  readonly rate: number
  /** Number of listeners above which it is measured only once. */
  readonly onceAbove?: number
  /** Maximum number of listeners; with more it is not measured. */
  readonly upTo?: number
}

/** The tick of the comparison with the floors, in milliseconds. */
const TICK_MS = 250
/** Maximum number of listeners at this tick; more need more than the one core that a server in Node has. */
const AT_TICK_UP_TO = 10_000
/**
 * Connections per second. More at once than the system's accept queue holds (4,096) would be refused by the system, not by the
 * server.
 */
const RATE = 5000
/** Connections per second for Icecast. Its accept queue is shorter: with more at once, clients wait for seconds. */
const ICECAST_RATE = 500

export const BY_DEFAULT = 'streamserve'
export const AT_TICK = `streamserve, ${TICK_MS} ms`
export const FLOOR = `floor, ${TICK_MS} ms`
export const NET_FLOOR = netFloorName(TICK_MS)
export const ICECAST = 'Icecast'

/** Name of the loop of node:net. @param tickMs interval between its writes. */
export function netFloorName(tickMs: number): string {
  return `floor of node:net, ${tickMs} ms`
}

/** @param missing receives the name of each server that cannot be measured, and the reason. */
export async function contenders(missing: (name: string, why: string) => void): Promise<Contender[]> {
  const all: Contender[] = [
    { name: BY_DEFAULT, start: () => startStation([]), content: 'frames', rate: RATE },
    {
      name: AT_TICK,
      start: () => startStation(['-max-delay', `${TICK_MS}ms`]),
      content: 'frames',
      rate: RATE,
      upTo: AT_TICK_UP_TO,
    },
    { name: FLOOR, start: () => startFloor(TICK_MS), content: 'frames', rate: RATE },
    { name: NET_FLOOR, start: () => startNetFloor(TICK_MS), content: 'frames', rate: RATE, upTo: AT_TICK_UP_TO },
  ]
  if ((await icecastVersion()) === undefined) missing(ICECAST, 'it is not installed: apt install icecast2')
  else all.push({ name: ICECAST, start: startIcecast, content: 'cut', rate: ICECAST_RATE, onceAbove: 1000 })
  return all
}
