import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Test } from 'tap'
import { until } from '../processes.ts'
import { needs } from '../programs.ts'

/** For tap's `skip` option: strace must be installed, and allowed to attach. */
export const needsInjection: false | string = needs('strace') || (mayTrace() ? false : 'strace may not trace here')

function mayTrace(): boolean {
  return spawnSync('strace', ['-o', '/dev/null', '-e', 'inject=getpid:error=EPERM', 'true']).status === 0
}

/**
 * Makes system calls of all threads of a process fail, or delays them.
 * @param what as in strace(1) after `inject=`: names of system calls, and the effect.
 * @param more further arguments, such as `-P PATH`.
 * @returns a function that ends it
 */
export async function injectInto(
  t: Test,
  pid: number,
  what: string,
  more: readonly string[] = [],
): Promise<() => Promise<void>> {
  const calls = what.slice(0, what.indexOf(':'))
  // A question mark, because some calls do not exist on every machine.
  const named = calls.replaceAll(/[^,]+/g, '?$&')
  const filters = ['-e', `trace=${named}`, '-e', `inject=${named}${what.slice(calls.length)}`]
  const tracer = spawn('strace', ['-f', '-q', '-o', '/dev/null', ...filters, ...more, '-p', String(pid)], {
    stdio: 'ignore',
  })
  const exited = once(tracer, 'exit')
  const stop = async () => {
    tracer.kill('SIGINT')
    await exited
  }
  t.teardown(stop)
  await until('the tracer is there', () => isTraced(pid))
  return stop
}

function isTraced(pid: number): boolean {
  return /^TracerPid:\s+[1-9]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'))
}
