import { once } from 'node:events'
import t, { type Test } from 'tap'
import { endGroup, signalGroup } from '../../../src/source/exec/process-group.ts'
import { systemClock } from '../../../src/system/clock.ts'
import { listen } from '../../client.ts'
import {
  childrenOf,
  killAllWith,
  needsProc,
  processesWith,
  uniqueToken,
  until,
  untilGone,
  untilThere,
} from '../../processes.ts'
import { type Server, startServer } from '../../streamserve.ts'

/** A pipeline of shells that each start a program; all of them have `token` in their command lines. */
function pipeline(token: string): string {
  return `sh -c 'while :; do echo x; sleep 0.05; done; : ${token}' | sh -c 'cat; : ${token}' & wait; : ${token}`
}

/** The same with processes that ignore SIGTERM and whose output is not read; grandchildren, too. */
function stubborn(token: string): string {
  const ignore = 'trap "" TERM HUP INT PIPE'
  const first = `${ignore}; while :; do echo x; sleep 0.05; done; : ${token}`
  const second = `${ignore}; while :; do read -r x; echo x; sleep 0.05; done; : ${token}`
  return `${ignore}; (sh -c '${first}' | sh -c '${second}') 2>/dev/null; : ${token}`
}

/** Starts a streamserve with a listener that receives the output of `line`. */
async function onAir(t: Test, token: string, line: string, flags: readonly string[] = []) {
  const server = await startServer(t, [...flags, '-frame-filter', 'raw', '-exec', 'sh', '-c', line])
  t.teardown(() => killAllWith(token, server.child.pid))
  const listener = listen(t, server.port)
  await listener.bodyHas(64)
  await untilThere(token, 4)
  return { ...server, listener }
}

function childrenWith(token: string, server: { child: { pid?: number | undefined } }): number[] {
  return processesWith(token).filter((pid) => pid !== server.child.pid)
}

t.test('children die with streamserve', { skip: needsProc }, async (t) => {
  t.jobs = 3
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    t.test(`leaves no process after ${signal}, and exits with 0, within 2 s`, { buffered: true }, async (t) => {
      const token = uniqueToken()
      const server = await onAir(t, token, pipeline(token))
      const askedAt = performance.now()
      server.child.kill(signal)
      t.equal(await server.exited, 0)
      const tookMs = performance.now() - askedAt
      // 2 s, plus tolerance for a busy machine.
      t.ok(tookMs < 3_000, `${tookMs} ms`)
      await untilGone(token, 5_000)
    })

    t.test(
      `leaves no process after ${signal} when the child and its children ignore SIGTERM`,
      { buffered: true },
      async (t) => {
        const token = uniqueToken()
        const server = await onAir(t, token, stubborn(token))
        const askedAt = performance.now()
        server.child.kill(signal)
        t.equal(await server.exited, 0)
        const tookMs = performance.now() - askedAt
        // 2 s, plus tolerance for a busy machine.
        t.ok(tookMs < 3_000, `${tookMs} ms`)
        await untilGone(token, 5_000)
      },
    )
  }

  for (const signal of ['SIGKILL', 'SIGSEGV', 'SIGABRT'] as const) {
    t.test(`leaves no process after streamserve was ended by ${signal}`, { buffered: true }, async (t) => {
      const token = uniqueToken()
      const server = await onAir(t, token, pipeline(token))
      server.child.kill(signal)
      t.equal(await server.exited, null)
      t.equal(server.child.signalCode, signal)
      await untilGone(token)
    })
  }

  t.test(
    'kills the group of a child that ignores SIGTERM 5 s after SIGKILL of streamserve',
    { buffered: true },
    async (t) => {
      const token = uniqueToken()
      const server = await onAir(t, token, stubborn(token))
      server.child.kill('SIGKILL')
      await server.exited
      const killedAt = performance.now()
      await untilGone(token)
      const tookMs = performance.now() - killedAt
      t.ok(tookMs > 4_000, `politely first: ${tookMs} ms`)
    },
  )
})

t.test(
  'kills the group of a child that ignores SIGTERM after 5 s, and then starts the next child',
  { skip: needsProc },
  async (t) => {
    const token = uniqueToken()
    const server = await onAir(t, token, stubborn(token), ['-close-idle'])
    const closingAt = performance.now()
    server.listener.socket.destroy()
    await server.logged(/listener disconnected/)
    const next = listen(t, server.port)
    await server.logged(/source closed.*no listeners/)
    const tookMs = performance.now() - closingAt
    t.ok(tookMs > 4_900, `${tookMs} ms`)
    t.notMatch(server.log(), /source opened.*\n.*source opened/, 'one after the other')
    await server.loggedTimes(/source opened/, 2)
    t.notOk(next.socket.destroyed)
    server.child.kill()
    await server.exited
    await untilGone(token)
  },
)

t.test('ends a stopped child too', { skip: needsProc }, async (t) => {
  const token = uniqueToken()
  const server = await onAir(t, token, pipeline(token), ['-close-idle'])
  const pid = Number(/ pid=(\d+)/.exec(await server.logged(/source opened/))?.[1])
  process.kill(-pid, 'SIGSTOP')
  server.listener.socket.destroy()
  await server.logged(/source closed.*no listeners/)
  await until('the group is gone', () => childrenWith(token, server).length === 0, 3_000)
  t.notOk(signalGroup(pid, 0) && childrenWith(token, server).length > 0)
})

/** The shell that ends the processes left behind by a crashed streamserve. */
function guardianOf(server: Server): number | undefined {
  const guardians = processesWith('read -r what pgid')
  return childrenOf(server.child.pid ?? 0).find((pid) => guardians.includes(pid))
}

t.test('the guardian ends when it is no longer needed', { skip: needsProc }, async (t) => {
  const server = await startServer(t, ['-exec', 'echo x; exec sleep 1000'])
  t.equal(guardianOf(server), undefined)
  listen(t, server.port)
  await server.logged(/source opened/)
  const guardian = guardianOf(server)
  t.ok(guardian)
  server.child.kill()
  t.equal(await server.exited, 0)
  await until('the guardian is gone', () => !processesWith('read -r what pgid').includes(guardian ?? 0))
})

t.test('continues when the guardian is killed', { skip: needsProc }, async (t) => {
  const server = await startServer(t, ['-frame-bytes', '1', '-exec', 'while :; do echo x; sleep 0.05; done'])
  const listener = listen(t, server.port)
  await listener.bodyHas(2)
  process.kill(guardianOf(server) ?? 0, 'SIGKILL')
  const { length } = listener.body()
  await listener.bodyHas(length + 10)
  server.child.kill()
  t.equal(await server.exited, 0)
})

t.test('returns at once for a group that has ended', async (t) => {
  const { spawn } = await import('node:child_process')
  const child = spawn('true', { detached: true, stdio: 'ignore' })
  await once(child, 'exit')
  const startedAt = performance.now()
  await endGroup(child.pid ?? 0, systemClock)
  t.ok(performance.now() - startedAt < 1_000)
  t.equal(signalGroup(child.pid ?? 0, 0), false)
})
