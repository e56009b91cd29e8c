/**
 * Limits serving threads to a part of a core each, so that two of them and the listeners fit on two cores, and the gain from
 * the second thread is visible.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { execa } from 'execa'

/** Period in which a thread gets its part, in nanoseconds: short compared with the measured delays. */
const PERIOD_NS = 5_000_000

/** Names of serving threads, as Node 24 sets them. */
const SERVING = /^(MainThread|delivery \d+)$/

/**
 * Limits each serving thread to a part of one core (SCHED_DEADLINE, by chrt of util-linux).
 * @param part of one core.
 * @throws Error where threads have no names, or the user is not root.
 */
export async function shareCores(pid: number, part: number, threads: number): Promise<void> {
  const serving = readdirSync(`/proc/${pid}/task`).filter((tid) => SERVING.test(nameOf(pid, tid)))
  if (serving.length !== threads)
    throw new Error(`${serving.length} threads serve in process ${pid} instead of ${threads}`)
  for (const tid of serving) {
    const time = ['--sched-runtime', `${Math.round(PERIOD_NS * part)}`, '--sched-period', `${PERIOD_NS}`]
    // Child processes are not limited, so that the source is not slowed down.
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
