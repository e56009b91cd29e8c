/** Runs files of tests at the same time. */
import { cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { type FileRun, runFile } from './run-file.ts'

/** Number of files that always run at the same time. */
const JOBS = 2
/** A further file is started when this share of the time of all cores was idle, because the others wait. */
const IDLE_SHARE = 0.35
/** Duration over which idle time is measured, in milliseconds. */
const IDLE_FOR_MS = 1000
/** Files that measure silences and delays of a fraction of a second. No further file is started beside them. */
const MEASURING = /^dist\/test\/(bench|browser|hub)\//

/** @param ended is called after each file @returns the runs by the paths of the files, in their order */
export async function runFiles(
  files: readonly string[],
  ended: (file: string, run: FileRun) => void,
): Promise<ReadonlyMap<string, FileRun>> {
  const runs = new Map<string, FileRun>()
  const running = new Set<string>()
  const waiting = [...files]

  async function runNext(file: string): Promise<void> {
    running.add(file)
    const run = await runFile(file)
    runs.set(file, run)
    running.delete(file)
    ended(file, run)
  }
  async function always(): Promise<void> {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) await runNext(file)
  }
  async function whenIdle(): Promise<void> {
    while (waiting.length > 0) {
      const share = await idleShare()
      const isDisturbing = [waiting[0] ?? '', ...running].some((file) => MEASURING.test(file))
      const file = share > IDLE_SHARE && !isDisturbing ? waiting.shift() : undefined
      if (file !== undefined) await runNext(file)
    }
  }
  await Promise.all([...Array.from({ length: JOBS }, always), whenIdle()])
  return new Map(files.map((file) => [file, runs.get(file) as FileRun]))
}

/** Measures for a moment. */
async function idleShare(): Promise<number> {
  const before = cpuTimes()
  await sleep(IDLE_FOR_MS)
  const after = cpuTimes()
  return (after.idle - before.idle) / (after.total - before.total)
}

/** Times of all cores since the system was started, in milliseconds. */
function cpuTimes(): { idle: number; total: number } {
  const all = cpus().map(({ times }) => times)
  const idle = all.reduce((sum, times) => sum + times.idle, 0)
  return { idle, total: all.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, idle) }
}
