import { once } from 'node:events'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import t, { type Test } from 'tap'
import { createServer } from '../../src/program/create-server.ts'
import { createOrphanGuard } from '../../src/source/exec/orphan-guard.ts'
import { systemClock } from '../../src/system/clock.ts'
import { listen } from '../client.ts'
import { ask, idsIn, PASSWORD, textOf } from '../endpoints/admin/admin-client.ts'
import { keepLog } from '../kept-log.ts'
import { programPlan } from '../plans.ts'
import { until } from '../processes.ts'

const FEED = "while printf '%s'; do sleep 0.02; done"
/** Two streams of raw samples in the same format, whose bytes tell them apart. */
const CONFIG = `pcm u8:8000:1
[/a]
exec sh -c "${FEED.replace('%s', 'aaaaaaaa')}"
warm
[/b]
exec sh -c "${FEED.replace('%s', 'bbbbbbbb')}"
warm
`

/** Starts the program with two delivery threads, each at a port of its own. */
async function start(t: Test) {
  const log = keepLog()
  const file = join(t.testdir({ 'x.conf': CONFIG }), 'x.conf')
  const plan = programPlan('-address', '127.0.0.1:0', '-config', file, '-admin-password', PASSWORD)
  const guard = createOrphanGuard()
  const local = { host: '127.0.0.1', port: 0 }
  const host = { guard, cores: 1, socket: undefined, threadAddress: local }
  const server = await createServer(plan, host, { clock: systemClock, log: log.logger })
  for (const stream of server.registry.streams()) stream.start()
  t.teardown(async () => {
    server.frontDoor.shut()
    await Promise.all([server.threads.end(), server.opener.remove(['/a', '/b']), server.pages.close()])
    await server.frontDoor.breakAll()
    await server.clients.end()
  })
  const begin = async () => {
    const made = once(process, 'worker')
    const port = await server.threads.start()
    const [worker] = (await made) as [Worker]
    return { port, worker }
  }
  const url = `http://127.0.0.1:${server.address.port}`
  const idsAt = async (mount: string) => idsIn(await textOf(ask(url, `listclients?mount=${mount}`)))
  return { server, url, threads: [await begin(), await begin()] as const, idsAt, port: server.address.port }
}

t.test('lists listeners of all threads, and disconnects one in its thread', async (t) => {
  const { url, port, threads, idsAt } = await start(t)
  const ports = [port, threads[0].port, threads[1].port]
  const listeners = ports.map((one) => listen(t, one, '/a'))
  for (const listener of listeners) await listener.bodyHas(8)
  await until('all are listed', async () => (await idsAt('/a')).length === 3)
  const ids = (await idsAt('/a')).map(Number)
  t.strictSame(
    ids.map((id) => id % 1024).toSorted((one, other) => one - other),
    [0, 1, 2],
    'ids are distinct over all threads',
  )
  for (const [thread, listener] of listeners.entries()) {
    const id = ids.find((one) => one % 1024 === thread) ?? 0
    t.match(await textOf(ask(url, `killclient?mount=/a&id=${id}`)), `<message>Client ${id} removed</message>`)
    await listener.closed
  }
  await until('none is listed', async () => (await idsAt('/a')).length === 0)
})

t.test('moves listeners of all threads within their connections', async (t) => {
  const { server, url, port, threads, idsAt } = await start(t)
  const ports = [port, threads[0].port, threads[1].port]
  const listeners = ports.map((one) => listen(t, one, '/a?raw'))
  for (const listener of listeners) await listener.bodyHas(8)
  await until('all are listed', async () => (await idsAt('/a')).length === 3)
  await textOf(ask(url, 'moveclients?mount=/a&destination=/b'))
  await until('all have moved', async () => (await idsAt('/b')).length === 3 && (await idsAt('/a')).length === 0)
  for (const listener of listeners) {
    await until('bytes of the other stream', () => listener.body().includes('bbbb'))
    t.match(String(listener.body()), /^a+b+$/)
  }
  const [a, b] = server.registry.streams()
  await until('the numbers are right', () => a?.listeners === 0 && b?.listeners === 3)
  const [id = ''] = await idsAt('/b')
  await textOf(ask(url, `moveclients?mount=/b&destination=/a&id=${id}`))
  await until('one is back', async () => (await idsAt('/a')).includes(id))
  for (const listener of listeners) listener.reset()
  await until('all are gone', () => a?.listeners === 0 && b?.listeners === 0)
  await until('none is listed', async () => [...(await idsAt('/a')), ...(await idsAt('/b'))].length === 0)
})

t.test('lists no listener of a thread that has crashed', async (t) => {
  const { threads, port, idsAt } = await start(t)
  for (const one of [port, threads[0].port, threads[1].port]) await listen(t, one, '/a').bodyHas(8)
  await until('all are listed', async () => (await idsAt('/a')).length === 3)
  await threads[0].worker.terminate()
  await until('two are left', async () => (await idsAt('/a')).length === 2)
  t.notOk((await idsAt('/a')).some((id) => Number(id) % 1024 === 1))
})

t.test('takes the commands of administrators at a thread', async (t) => {
  const { threads, idsAt } = await start(t)
  const url = `http://127.0.0.1:${threads[1].port}`
  await listen(t, threads[0].port, '/a').bodyHas(8)
  await until('it is listed', async () => (await idsAt('/a')).length === 1)
  const [id = ''] = await idsAt('/a')
  const body = new URLSearchParams({ mount: '/a', id })
  t.match(await textOf(ask(url, 'killclient', { method: 'POST', body })), 'removed')
  t.match(await textOf(ask(url, 'metadata?mode=updinfo&mount=/a&song=x')), '<return>1</return>')
})
