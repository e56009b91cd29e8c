import { setImmediate as turn } from 'node:timers/promises'
import type { Clock } from '../src/system/clock.ts'

/** A clock that a test moves by hand. */
export interface ManualClock extends Clock {
  /** Moves on by `ms` milliseconds; whatever falls due meanwhile runs in its turn, with all that follows from it. */
  advance(ms: number): Promise<void>
  /** Moves on to the next moment at which something falls due. @returns that moment; undefined when nothing is waiting */
  next(): Promise<number | undefined>
}

/** @param startsAt what `now()` says at first, in milliseconds. */
export function createManualClock(startsAt = 1_000): ManualClock {
  const timers = new Map<number, { readonly at: number; readonly run: () => void }>()
  let now = startsAt
  let made = 0
  const earliest = () => [...timers].toSorted(([a, one], [b, other]) => one.at - other.at || a - b)[0]
  const runNext = async (until: number) => {
    // All that waits for no time has its turn first: it may set timers.
    await turn()
    const found = earliest()
    if (found === undefined || found[1].at > until) return false
    timers.delete(found[0])
    now = Math.max(now, found[1].at)
    found[1].run()
    await turn()
    return true
  }
  return {
    now: () => now,
    after(ms, then) {
      const id = made++
      timers.set(id, { at: now + Math.max(0, ms), run: then })
      return () => void timers.delete(id)
    },
    async advance(ms) {
      const until = now + ms
      while (await runNext(until));
      now = until
    },
    async next() {
      return (await runNext(Number.POSITIVE_INFINITY)) ? now : undefined
    },
  }
}
