import { setTimeout as sleep } from 'node:timers/promises'
import type { ManualClock } from '../../manual-clock.ts'

/**
 * Lets time pass, about ten times as fast as it does, until `holds` returns true: a network has no clock of a test.
 * @returns whether it does within `withinMs` of the clock
 */
export async function passUntil(clock: ManualClock, withinMs: number, holds: () => boolean): Promise<boolean> {
  for (const deadline = clock.now() + withinMs; !holds() && clock.now() < deadline; await sleep(2)) {
    await clock.advance(20)
  }
  return holds()
}
