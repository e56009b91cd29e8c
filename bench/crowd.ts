/** Listeners that come and go. All of them look at each frame. */

import { setTimeout as sleep } from 'node:timers/promises'
import { type Listener, openListener } from './listener.ts'

/** Sums over all listeners there have been. */
export interface CrowdCounts {
  /** Listeners that are there now. */
  readonly present: number
  readonly came: number
  readonly lost: number
  readonly corrupt: number
  /** Listeners that were left by the server, or never got anything. */
  readonly ended: number
}

export interface Crowd {
  counts(): CrowdCounts
  /** Comes, stays for some milliseconds, and goes. It never rejects. */
  visit(stayMs: number): Promise<void>
  /** Lets listeners come who stay, and from now on so many each second who stay for about a second. */
  gather(residents: number, visitorsPerSecond: number): Promise<void>
  /** Lets nobody come any more, waits for the visitors to go, and sends the others away. */
  leave(): Promise<void>
}

/** Visitors come in groups, this often. In milliseconds. */
const ARRIVAL_MS = 20

export function createCrowd(port: number): Crowd {
  const present = new Set<Listener>()
  const visits = new Set<Promise<void>>()
  const past = { came: 0, lost: 0, corrupt: 0, ended: 0 }
  let arrivals: NodeJS.Timeout | undefined

  async function come(): Promise<Listener | undefined> {
    past.came++
    try {
      const listener = await openListener(port, true)
      present.add(listener)
      return listener
    } catch {
      past.ended++
      return undefined
    }
  }

  function go(listener: Listener): void {
    past.lost += listener.check?.lost ?? 0
    past.corrupt += listener.check?.corrupt ?? 0
    past.ended += Number(listener.ended)
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
      const now = { ...past, present: present.size }
      for (const { check, ended } of present) {
        now.lost += check?.lost ?? 0
        now.corrupt += check?.corrupt ?? 0
        now.ended += Number(ended)
      }
      return now
    },
    async gather(residents, visitorsPerSecond) {
      await Promise.all(Array.from({ length: residents }, come))
      const startMs = performance.now()
      let arrived = 0
      arrivals = setInterval(() => {
        const due = Math.floor(((performance.now() - startMs) / 1000) * visitorsPerSecond)
        for (; arrived < due; arrived++) {
          // Between half a second and one and a half.
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
