import { setImmediate as turn } from 'node:timers/promises'
import type { Clock } from '../src/system/clock.ts'

/** A clock that a test advances manually. */
export interface ManualClock extends Clock {
  /** Advances by `ms` milliseconds; runs the timers that become due, in order, with everything that they cause. */
  advance(ms: number): Promise<void>
  /** Advances to the next due timer. @returns its time; undefined without timers */
  next(): Promise<number | undefined>
}

/** @param startsAt initial value of `now()`, in milliseconds. */
export function createManualClock(startsAt = 1_000): ManualClock {
  const timers = new Map<number, { readonly at: number; readonly run: () => void }>()
  let now = startsAt
  let made = 0
  const earliest = () => [...timers].toSorted(([a, one], [b, other]) => one.at - other.at || a - b)[0]
  const runNext = async (until: number) => {
    // Everything that does not wait for time runs first: it may set timers.
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
