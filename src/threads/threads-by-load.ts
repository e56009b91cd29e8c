import { performance } from 'node:perf_hooks'
import type { Logger } from '@logtape/logtape'
import type { Clock } from '../system/clock.ts'
import { createLoadFollower } from './load-follower.ts'
import { createLoadMeter } from './load-meter.ts'
import type { ThreadSettings } from './messages.ts'
import { type MainThread, Threads } from './threads.ts'

/** Interval of load measurements, in milliseconds. */
const LOOK_EVERY_MS = 1_000

/** Starts threads as the load requires, at most `cores` with the main thread. */
export function createThreadsByLoad(
  cores: number,
  settings: ThreadSettings,
  mainThread: MainThread,
  clock: Clock,
  log: Logger,
): Threads {
  const follower = createLoadFollower(cores, clock)
  const threads = new Threads(settings, mainThread, () => follower.crashed(), clock, log)
  const ownLoad = createLoadMeter(performance)
  const look = () => {
    if (!follower.look([ownLoad(), ...threads.loads()])) return
    threads.start().catch(() => {
      // The crash has been logged already.
    })
  }
  if (cores > 1) setInterval(look, LOOK_EVERY_MS).unref()
  return threads
}
