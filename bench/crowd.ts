/** Listeners that connect and disconnect. Each of them checks every frame. */

import { setTimeout as sleep } from 'node:timers/promises'
import { type Listener, openListener, type Place } from './listener.ts'
import { createTally } from './tally.ts'

/** Totals over all listeners, past and present. */
export interface CrowdCounts {
  /** Listeners that are connected now. */
  readonly present: number
  readonly came: number
  readonly skipped: number
  readonly corrupt: number
  /** Listeners that the server disconnected, or that never received anything. */
  readonly ended: number
}

export interface Crowd {
  counts(): CrowdCounts
  /** Connects a listener for some milliseconds. It never rejects. */
  visit(stayMs: number): Promise<void>
  /** Connects listeners that stay, and from now on each second this number of visitors that stay for about a second. */
  gather(residents: number, visitorsPerSecond: number): Promise<void>
  /** Stops connecting visitors, waits until they have disconnected, and disconnects the residents. */
  leave(): Promise<void>
}

/** Interval at which groups of visitors connect, in milliseconds. */
const ARRIVAL_MS = 20

export function createCrowd(place: Place): Crowd {
  const present = new Set<Listener>()
  const visits = new Set<Promise<void>>()
  const tally = createTally()
  let came = 0
  let arrivals: NodeJS.Timeout | undefined

  async function come(): Promise<Listener | undefined> {
    came++
    try {
      const listener = await openListener(place, 'frames', tally)
      present.add(listener)
      return listener
    } catch {
      tally.ended++
      return undefined
    }
  }

  function go(listener: Listener): void {
    if (listener.ended) tally.ended++
    listener.socket.destroy()
    present.delete(listener)
  }

  async function visit(stayMs: number): Promise<void> {
    const listener = await come()
    if (listener === undefined) return
    await sleep(stayMs)
    go(listener)
  }

  return {
    visit,
    counts() {
      const { skipped, corrupt } = tally.verdict
      const left = [...present].filter(({ ended }) => ended).length
      return { present: present.size, came, skipped, corrupt, ended: tally.ended + left }
    },
    async gather(residents, visitorsPerSecond) {
      await Promise.all(Array.from({ length: residents }, come))
      const startMs = performance.now()
      let arrived = 0
      arrivals = setInterval(() => {
        const due = Math.floor(((performance.now() - startMs) / 1000) * visitorsPerSecond)
        for (; arrived < due; arrived++) {
          // Between 0.5 and 1.5 s.
          const going: Promise<void> = visit(500 + Math.random() * 1000).finally(() => visits.delete(going))
          visits.add(going)
        }
      }, ARRIVAL_MS)
    },
    async leave() {
      clearInterval(arrivals)
      await Promise.all(visits)
      for (const listener of present) go(listener)
    },
  }
}
