/** Who takes part in the fan-out. */

import { icecastVersion, startIcecast } from './icecast.ts'
import type { Content } from './listener.ts'
import { type StartServer, startFloor, startNetFloor, startStation } from './servers.ts'

export interface Contender {
  readonly name: string
  readonly start: StartServer
  readonly content: Content
  /** So many listeners come each second. */
  readonly rate: number
  /** With more listeners it is measured only once. */
  readonly onceAbove?: number
  /** With more listeners it is not measured. */
  readonly upTo?: number
}

/** The tick of the comparison with the floors, in milliseconds. */
const TICK_MS = 250
/** More listeners than so many would need more than the one core that a server in Node has. */
const AT_TICK_UP_TO = 10_000
/** More at once than the system's queue of connections holds (4,096) would be refused by the system, and not by the server. */
const RATE = 5000
/** Its queue is shorter: more at once wait for seconds. */
const ICECAST_RATE = 500

export const BY_DEFAULT = 'streamserve'
export const AT_TICK = `streamserve, ${TICK_MS} ms`
export const FLOOR = `floor, ${TICK_MS} ms`
export const NET_FLOOR = netFloorName(TICK_MS)
export const ICECAST = 'Icecast'

/** What the loop of node:net is called. @param tickMs how often it writes. */
export function netFloorName(tickMs: number): string {
  return `floor of node:net, ${tickMs} ms`
}

/** @param missing is told who cannot take part, and why. */
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
