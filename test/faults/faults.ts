import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { childrenOf, needsProc, until } from '../processes.ts'
import { needs } from '../programs.ts'
import { fakeClock, needsFakeClock } from './fake-clock.ts'
import { fullDisk, needsFullDisk } from './full-disk.ts'
import { injectInto, needsInjection } from './inject.ts'
import { logPipe } from './log-pipe.ts'
import type { Start, Victim } from './victim.ts'

/** A temporary fault in the environment of a program. */
export interface ProtocolError {
  /** Completes a test name after "when". */
  readonly name: string
  readonly skip: false | string
  /** Starts the program, if the fault requires special options. */
  start?(t: Test): Start | Promise<Start>
  /** Causes the fault and waits until it has taken effect. @returns a function that ends it */
  inflict(victim: Victim, t: Test): Promise<() => void | Promise<void>>
  /** Number of times that it ends the source, which then counts from 0 again. */
  readonly restarts?: number
  /** Set when the fault may make exit(3) hang, so that the program is killed at the end of the test. */
  readonly hangsAtExit?: true
}

const nothing = () => {}
/** Duration of a hang: longer than any pause of the program itself, in milliseconds. */
const HANGS_MS = 2_500
/** Switches to a user without any other process. */
const AS_LONELY_USER = ['setpriv', '--reuid=48124', '--regid=48124', '--clear-groups'] as const
const isRoot: false | string = process.getuid?.() === 0 ? false : 'needs root'

export const FAULTS: readonly ProtocolError[] = [
  {
    name: 'strangers take all descriptors (EMFILE)',
    skip: needsProc || needs('prlimit'),
    start: () => ({ openFiles: 160 }),
    async inflict(victim) {
      const leave = victim.strangers(300)
      await victim.goesOn(300)
      return leave
    },
  },
  {
    name: 'all its children end, three times, while strangers take all descriptors (EMFILE)',
    skip: needsProc || needs('prlimit'),
    start: () => ({ openFiles: 512 }),
    restarts: 3,
    async inflict(victim) {
      for (let times = 1; times <= 3; times++) {
        await victim.source()
        const leave = victim.strangers(600)
        await victim.goesOn(20)
        for (const child of childrenOf(victim.pid)) process.kill(child, 'SIGKILL')
        await victim.server.loggedTimes(/source closed/, times)
        await sleep(500)
        leave()
        await victim.goesOn()
      }
      return nothing
    },
  },
  {
    name: 'the system has no more open files (ENFILE)',
    skip: needsInjection,
    inflict: (victim, t) => injected(victim, t, 'accept4,openat,socket,socketpair,pipe2:error=ENFILE'),
  },
  {
    name: 'the system has no memory for a new process (ENOMEM)',
    skip: needsInjection,
    restarts: 1,
    inflict: (victim, t) => endedWhile(victim, () => injectInto(t, victim.pid, 'fork,vfork,clone,clone3:error=ENOMEM')),
  },
  {
    name: 'its user may start no more processes (EAGAIN)',
    skip: needsProc || isRoot || needs('setpriv', 'prlimit'),
    start: () => ({ under: AS_LONELY_USER }),
    restarts: 1,
    inflict: (victim) =>
      endedWhile(victim, async () => {
        const [setpriv, ...user] = AS_LONELY_USER
        const [, hard = '1'] =
          /^Max processes +\S+ +(\d+)/m.exec(readFileSync(`/proc/${victim.pid}/limits`, 'latin1')) ?? []
        const limit = (soft: string) =>
          execFileSync(setpriv, [...user, 'prlimit', `--nproc=${soft}:`, `--pid=${victim.pid}`])
        limit('1')
        return () => void limit(hard)
      }),
  },
  {
    name: 'the disk of its log is full (ENOSPC)',
    skip: needsFullDisk,
    start: (t) => fullDisk.start(t),
    async inflict(victim) {
      const free = fullDisk.fill()
      const leave = victim.strangers(50)
      await victim.goesOn(200)
      return async () => {
        leave()
        free()
        const before = victim.server.count(/listener connected/)
        const close = victim.strangers(1)
        await victim.server.loggedTimes(/listener connected/, before + 1)
        close()
      }
    },
  },
  {
    name: 'nothing reads its log any more',
    skip: needsProc || needs('mkfifo'),
    start: (t) => logPipe.start(t),
    async inflict(victim) {
      logPipe.stop()
      const leave = victim.strangers(100)
      await victim.goesOn(200)
      leave()
      return () => logPipe.read()
    },
  },
  {
    name: 'the disk of its title file hangs',
    skip: needsInjection,
    start: (t) => ({ flags: ['-title-file', `${t.testdir({ title: 'A title' })}/title`] }),
    inflict: (victim, t) =>
      injected(victim, t, 'openat,read,pread64:delay_enter=4000000', ['-P', `${t.testdirName}/title`], 300),
  },
  {
    name: 'the program itself stands still for seconds (SIGSTOP)',
    skip: needsProc,
    async inflict({ pid }) {
      process.kill(pid, 'SIGSTOP')
      await sleep(HANGS_MS)
      return () => void process.kill(pid, 'SIGCONT')
    },
  },
  {
    name: 'the source stands still for seconds (SIGSTOP)',
    skip: needsProc,
    async inflict(victim) {
      const source = await victim.source()
      process.kill(source, 'SIGSTOP')
      await sleep(HANGS_MS)
      return () => void process.kill(source, 'SIGCONT')
    },
  },
  {
    name: 'the clock jumps a day ahead and two days back',
    skip: needsFakeClock,
    start: (t) => fakeClock.start(t),
    hangsAtExit: true,
    async inflict(victim) {
      for (const days of [1, -1]) {
        fakeClock.shift(days)
        const day = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
        const leave: (() => void)[] = []
        await until(`the log is of ${day}`, () => {
          leave.push(victim.strangers(1))
          return victim.server.count(new RegExp(`^${day} `)) > 0
        })
        for (const close of leave) close()
        await victim.goesOn(200)
      }
      return nothing
    },
  },
]

/** System calls fail, or are slow, while clients connect and disconnect, and listeners continue to receive frames. */
async function injected(
  victim: Victim,
  t: Test,
  what: string,
  more: readonly string[] = [],
  frames = 150,
): Promise<() => Promise<void>> {
  const stop = await injectInto(t, victim.pid, what, more)
  const leave = victim.strangers(20)
  await victim.goesOn(frames)
  leave()
  return stop
}

/** The source ends while processes cannot be started, and is retried several times. */
async function endedWhile(
  victim: Victim,
  begin: () => Promise<() => void | Promise<void>>,
): Promise<() => void | Promise<void>> {
  const source = await victim.source()
  const stop = await begin()
  process.kill(source, 'SIGKILL')
  await victim.server.loggedTimes(/source closed/, 3)
  await until('listeners are still there', () => victim.listeners.every(({ socket }) => !socket.destroyed))
  return stop
}
