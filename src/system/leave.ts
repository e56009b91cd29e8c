import { setTimeout as sleep } from 'node:timers/promises'
import type { Output } from './output.ts'

/** Maximum wait for the reader of the log, in milliseconds. */
const READ_WITHIN_MS = 150
/**
 * Checks of whether file operations are under way, and the pause between two, in milliseconds. They are counted, and not timed:
 * after a time without CPU the event loop has to turn once more to learn of an operation that has ended.
 */
const MAX_CHECKS = 30
const CHECK_EVERY_MS = 10

/** Requests in threads of libuv's pool that may wait without end: a disk or a name server that does not answer. */
const POOLED = /^(FSReq|FileHandleCloseReq|GetAddrInfo|GetNameInfo)/

/**
 * Ends the process with an exit code, soon, whatever the reader of the log and the disks do. exit(3) waits for threads that
 * hang in a system call; with such a thread the process ends by a signal instead, which service managers treat as the exit
 * code: SIGTERM as 0, SIGKILL as any other.
 */
export async function leave(code: number, output: Output): Promise<void> {
  await Promise.race([output.flushed(), sleep(READ_WITHIN_MS)])
  for (let checks = 1; isHeldUp() && checks < MAX_CHECKS; checks++) await sleep(CHECK_EVERY_MS)
  if (!isHeldUp()) process.exit(code)
  process.emit('exit', code)
  const signal = code === 0 ? 'SIGTERM' : 'SIGKILL'
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
}

function isHeldUp(): boolean {
  return process.getActiveResourcesInfo().some((name) => POOLED.test(name))
}
