/**
 * Slower cores than the machine has: each thread that serves gets a part of one, so that two of them, and the listeners as well, have
 * room on two cores, and what the second one adds can be seen.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { execa } from 'execa'

/** A thread gets its part once in so long: short beside the delays that are measured. In nanoseconds. */
const PERIOD_NS = 5_000_000

/** Threads that serve, by the names that Node 24 gives them. */
const SERVING = /^(MainThread|delivery \d+)$/

/**
 * Lets a server's threads have so much of a core each, and not more (SCHED_DEADLINE, by chrt of util-linux).
 * @param part of one core.
 * @throws Error where threads bear no names, or the user is not root.
 */
export async function shareCores(pid: number, part: number, threads: number): Promise<void> {
  const serving = readdirSync(`/proc/${pid}/task`).filter((tid) => SERVING.test(nameOf(pid, tid)))
  if (serving.length !== threads)
    throw new Error(`${serving.length} threads serve in process ${pid} instead of ${threads}`)
  for (const tid of serving) {
    const time = ['--sched-runtime', `${Math.round(PERIOD_NS * part)}`, '--sched-period', `${PERIOD_NS}`]
    // Children are not slowed down: the source is none of it.
    const { failed, stderr } = await execa(
      'chrt',
      ['--deadline', '--reset-on-fork', ...time, '--sched-deadline', `${PERIOD_NS}`, '--pid', '0', tid],
      { reject: false },
    )
    if (failed) throw new Error(`a part of a core takes root (--share 1 does without): ${stderr}`)
  }
}

function nameOf(pid: number, tid: string): string {
  return readFileSync(`/proc/${pid}/task/${tid}/comm`, 'utf8').trim()
}
