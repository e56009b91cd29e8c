/** Commands that cannot be started because the system's resources are exhausted. */
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import t, { type Test } from 'tap'
import { createExecSource } from '../../../src/source/exec/exec.ts'
import { createOrphanGuard } from '../../../src/source/exec/orphan-guard.ts'
import { systemClock } from '../../../src/system/clock.ts'
import { listen } from '../../client.ts'
import { keepLog } from '../../kept-log.ts'
import { needsProc } from '../../processes.ts'
import { needs } from '../../programs.ts'
import { type Server, startServer } from '../../streamserve.ts'

const skip = needs('prlimit') || needsProc
const PLENTY = 1024

/** Limits the number of descriptors of the program from now on. */
function limit({ child }: Server, descriptors: number): void {
  execFileSync('prlimit', [`--pid=${child.pid}`, `--nofile=${descriptors}:${PLENTY}`])
}

function descriptorsOf({ child }: Server): number {
  return readdirSync(`/proc/${child.pid}/fd`).length
}

async function start(t: Test): Promise<Server> {
  return startServer(t, ['-frame-bytes', '2', '-exec', 'echo x; exec sleep 1.1'], { openFiles: PLENTY })
}

t.test('retries when there is no descriptor to start a command, and keeps its listeners', { skip }, async (t) => {
  const server = await start(t)
  const listener = listen(t, server.port)
  await listener.bodyHas(2)
  limit(server, 4)
  const lines = await server.loggedTimes(/source closed.*too many open files/, 3)
  t.ok(lines.every((line) => line.includes('WARNING')))
  limit(server, PLENTY)
  await listener.bodyHas(listener.body().length + 2)
  t.equal(server.child.exitCode, null)
})

for (const free of [1, 3, 5, 6, 7, 8, 9, 11]) {
  t.test(`goes on when ${free} descriptors are free at the first start of a command`, { skip }, async (t) => {
    const server = await start(t)
    // The listener uses one more; those left may suffice for the command, but not for its guardian.
    limit(server, descriptorsOf(server) + 1 + free)
    const listener = listen(t, server.port)
    await server.logged(/source closed/)
    limit(server, PLENTY)
    await listener.bodyHas(2)
    await server.loggedTimes(/source closed/, server.count(/source closed/) + 1)
    t.equal(server.child.exitCode, null)
    server.child.kill()
    t.equal(await server.exited, 0)
  })
}

t.test('fails the source when the words of a command are too long for the system', async (t) => {
  const command = { kind: 'words', file: 'true', args: ['x'.repeat(200_000)] } as const
  const source = createExecSource(command, createOrphanGuard(), systemClock, keepLog().logger)
  await t.rejects(source.open(new AbortController().signal), { name: 'SourceError', message: /E2BIG/ })
})
