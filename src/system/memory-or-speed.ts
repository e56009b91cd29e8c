import { setFlagsFromString } from 'node:v8'
import { lookEvery } from './look-every.ts'

/** Share of a core that a busy program uses, and number of looks in a row in which it does. */
const BUSY = 0.05
const TIMES = 2
/** A look costs as much as sending to a listener. */
const LOOK_EVERY_MS = 5_000

/** Since Node.js 22. */
const HAS_MAGLEV = Number.parseInt(process.versions.node, 10) >= 22

/**
 * Leaves the work to the compiler in the middle, Maglev: its code is nearly as fast, and it takes little memory. The last flag makes that
 * code count its calls, without which TurboFan would never compile it again.
 */
const BY_MAGLEV = ['--no-sparkplug', '--no-turbofan', '--force-emit-interrupt-budget-checks'] as const
/** The first flag: garbage is collected before much of it has accumulated. */
const FOR_MEMORY: readonly string[] = ['--optimize-for-size', ...(HAS_MAGLEV ? BY_MAGLEV : [])]

/**
 * Makes V8 save memory, for which a start has no time, and save time instead from the moment on when there is some to save: when the
 * program has been busy for seconds. With ten listeners, the two other compilers and uncollected garbage need 12 MB.
 */
export function saveMemoryUntilBusy(): void {
  for (const flag of FOR_MEMORY) setFlagsFromString(flag)
  const isBusy = createBusyMeter()
  const stop = lookEvery(LOOK_EVERY_MS, () => {
    if (!isBusy(process.cpuUsage(), performance.now())) return
    for (const flag of FOR_MEMORY) setFlagsFromString(oppositeOf(flag))
    stop()
  })
}

/** CPU time of the program, in microseconds. */
interface CpuTime {
  readonly user: number
  readonly system: number
}

/** @returns a function for each look: it takes the CPU time until now, and returns whether the program was busy at the last looks. */
export function createBusyMeter(): (cpu: CpuTime, nowMs: number) => boolean {
  let before: { readonly us: number; readonly ms: number } | undefined
  let times = 0
  return ({ user, system }, ms) => {
    const us = user + system
    const isBusy = before !== undefined && us - before.us > (ms - before.ms) * 1000 * BUSY
    times = isBusy ? times + 1 : 0
    before = { us, ms }
    return times >= TIMES
  }
}

function oppositeOf(flag: string): string {
  return flag.startsWith('--no-') ? flag.replace('--no-', '--') : flag.replace('--', '--no-')
}
