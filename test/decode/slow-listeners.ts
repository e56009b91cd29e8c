import { setTimeout } from 'node:timers/promises'
import type { Test } from 'tap'
import { listenNarrowly, type NarrowListener } from './narrow-listener.ts'

/** Slow listeners, one after the other; each stalls until it has been lapped, continues for a while, and disconnects. */
export interface SlowListeners {
  /** Performs the actions due after `fed` bytes of the stream; `newest` are the last frames. */
  step(fed: number, newest: readonly Buffer[]): Promise<void>
  /** Resolves with the bytes received by each of them, when the stream has ended. */
  end(): Promise<Buffer[]>
}

/** One slow listener. */
interface Visit {
  readonly listener: NarrowListener
  readonly connectedAt: number
  state: 'stalled' | 'resumed'
  /** Position in the stream, in bytes, of the next change of state. */
  changesAt: number
  /** False once it has not received the newest frame in time, so that it is not awaited again. */
  keepsUp: boolean
}

/**
 * Maximum wait for a frame, in milliseconds: a listener that cannot start at the newest frame, such as a header, gets nothing
 * until the next one.
 */
const TIMEOUT_MS = 2_000
/** Minimum and maximum number of bytes after which a listener stalls, response head included. */
const STALLS_AT = [300, 1500] as const
/** Part of the ring's bytes that a lapped listener misses at least. */
const MISSES_OF_RING = 0.9
/** Bytes that the kernel buffers for a listener that does not read; if it is more, the first stall shows it. */
export const KEPT_BYTES = 80_000

/**
 * @param laps number of listeners to be lapped.
 * @param ringBytes approximate size of the ring.
 * @param stay duration of the stay after that, in bytes of the stream.
 */
export function createSlowListeners(
  t: Test,
  port: number,
  laps: number,
  ringBytes: number,
  stay: () => number,
  random: () => number,
): SlowListeners {
  const bodies: Promise<Buffer>[] = []
  let lapsLeft = laps
  let keptBytes = KEPT_BYTES
  let visit: Visit | undefined

  async function connect(fed: number): Promise<Visit> {
    const [least, most] = STALLS_AT
    const listener = listenNarrowly(t, port, least + Math.ceil(random() * (most - least)))
    bodies.push(listener.closed)
    await listener.begun
    // At least two ring sizes, because the bytes in transit may amount to one.
    return {
      listener,
      connectedAt: fed,
      state: 'stalled',
      keepsUp: true,
      changesAt: fed + keptBytes + (2 + random()) * ringBytes,
    }
  }

  /** Waits until it has received everything available. */
  async function catchUp(visit: Visit, newest: readonly Buffer[]): Promise<void> {
    if (!visit.keepsUp) return
    const late = new AbortController()
    const reached = visit.listener.reached(newest).then(() => true)
    visit.keepsUp = await Promise.race([reached, setTimeout(TIMEOUT_MS, false, { signal: late.signal })])
    late.abort()
  }

  async function resume(visit: Visit, fed: number, newest: readonly Buffer[]): Promise<void> {
    visit.listener.resume()
    await catchUp(visit, newest)
    if (fed - visit.connectedAt - visit.listener.bytes() > MISSES_OF_RING * ringBytes) lapsLeft--
    else keptBytes *= 1.5
    visit.state = 'resumed'
    visit.changesAt = fed + stay()
  }

  return {
    async step(fed, newest) {
      if (visit === undefined) {
        visit = lapsLeft > 0 ? await connect(fed) : undefined
      } else if (visit.state === 'resumed') {
        await catchUp(visit, newest)
        if (fed < visit.changesAt) return
        visit.listener.leave()
        visit = undefined
      } else if (fed >= visit.changesAt) await resume(visit, fed, newest)
    },
    end() {
      visit?.listener.resume()
      return Promise.all(bodies)
    },
  }
}
