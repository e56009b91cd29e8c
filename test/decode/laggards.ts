import { setTimeout } from 'node:timers/promises'
import type { Test } from 'tap'
import { listenNarrowly, type NarrowListener } from './narrow-listener.ts'

/** Listeners who come one after the other; each stalls until it has been lapped, goes on for a while, and leaves. */
export interface Laggards {
  /** Does what is due when so many bytes of the stream have been given to the server, the last frames being `newest`. */
  step(fed: number, newest: readonly Buffer[]): Promise<void>
  /** Resolved with what each of them got, when the stream has ended. */
  end(): Promise<Buffer[]>
}

/** One of them. */
interface Visit {
  readonly listener: NarrowListener
  readonly cameAt: number
  state: 'stalled' | 'going on'
  /** When so many bytes of the stream have been given out. */
  changesAt: number
  /** Cleared when it could not get to the newest frame, so that nobody waits for it again. */
  keepsUp: boolean
}

/** Who cannot begin at the newest frame, a header say, gets nothing until another one comes. In milliseconds. */
const PATIENCE_MS = 2_000
/** A listener stalls with so many bytes at least and at most, the head of the answer included. */
const STALLS_AT = [300, 1500] as const
/** Who was lapped misses about what the ring holds, or more. */
const MISSES_OF_RING = 0.9
/** So many bytes the kernel keeps of what a listener does not read; if they are more, they will be known by the first stall. */
export const KEPT_BYTES = 80_000

/**
 * @param laps how many times somebody is to be lapped.
 * @param ringBytes what the ring holds, about.
 * @param stay how long somebody stays after that, in bytes of the stream.
 */
export function createLaggards(
  t: Test,
  port: number,
  laps: number,
  ringBytes: number,
  stay: () => number,
  random: () => number,
): Laggards {
  const bodies: Promise<Buffer>[] = []
  let lapsLeft = laps
  let keptBytes = KEPT_BYTES
  let visit: Visit | undefined

  async function come(fed: number): Promise<Visit> {
    const [least, most] = STALLS_AT
    const listener = listenNarrowly(t, port, least + Math.ceil(random() * (most - least)))
    bodies.push(listener.closed)
    await listener.came
    // What is under way to it may be another ring's content.
    return {
      listener,
      cameAt: fed,
      state: 'stalled',
      keepsUp: true,
      changesAt: fed + keptBytes + (2 + random()) * ringBytes,
    }
  }

  /** Waits until it has got what there is. */
  async function catchUp(who: Visit, newest: readonly Buffer[]): Promise<void> {
    if (!who.keepsUp) return
    const late = new AbortController()
    const isThere = who.listener.stoodAt(newest).then(() => true)
    who.keepsUp = await Promise.race([isThere, setTimeout(PATIENCE_MS, false, { signal: late.signal })])
    late.abort()
  }

  async function goOn(who: Visit, fed: number, newest: readonly Buffer[]): Promise<void> {
    who.listener.goOn()
    await catchUp(who, newest)
    if (fed - who.cameAt - who.listener.bytes() > MISSES_OF_RING * ringBytes) lapsLeft--
    else keptBytes *= 1.5
    who.state = 'going on'
    who.changesAt = fed + stay()
  }

  return {
    async step(fed, newest) {
      if (visit === undefined) {
        visit = lapsLeft > 0 ? await come(fed) : undefined
      } else if (visit.state === 'going on') {
        await catchUp(visit, newest)
        if (fed < visit.changesAt) return
        visit.listener.leave()
        visit = undefined
      } else if (fed >= visit.changesAt) await goOn(visit, fed, newest)
    },
    end() {
      visit?.listener.goOn()
      return Promise.all(bodies)
    },
  }
}
