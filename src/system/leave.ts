import { setTimeout as sleep } from 'node:timers/promises'
import type { Output } from './output.ts'

/** Longest wait for the reader of the log, in milliseconds. */
const READ_WITHIN_MS = 150
/** Longest wait for file operations under way, in milliseconds. */
const SETTLED_WITHIN_MS = 250
const LOOK_EVERY_MS = 10

/** Requests in threads of libuv's pool that may wait without end: a disk or a name server that does not answer. */
const POOLED = /^(FSReq|FileHandleCloseReq|GetAddrInfo|GetNameInfo)/

/**
 * Ends the process with an exit code, soon, whatever the reader of the log and the disks do. exit(3) waits for threads that
 * hang in a system call; with such a thread the process ends by a signal instead, which service managers take for what the
 * code would have meant: SIGTERM for 0, SIGKILL for all else.
 */
export async function leave(code: number, output: Output): Promise<void> {
  await Promise.race([output.flushed(), sleep(READ_WITHIN_MS)])
  const deadline = performance.now() + SETTLED_WITHIN_MS
  while (isHeldUp() && performance.now() < deadline) await sleep(LOOK_EVERY_MS)
  if (!isHeldUp()) process.exit(code)
  process.emit('exit', code)
  const signal = code === 0 ? 'SIGTERM' : 'SIGKILL'
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
}

function isHeldUp(): boolean {
  return process.getActiveResourcesInfo().some((name) => POOLED.test(name))
}
